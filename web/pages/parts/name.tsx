import { clippedName } from '../../model/text/visible.ts';

/** A string of others as a name: one run of text of its own direction, everything in it seen, cut where it is long. */
export function Name({ text, most = 160 }: { text: string; most?: number }) {
  return <bdi class="name">{clippedName(text, most)}</bdi>;
}
