import { findPrivate } from './find-private.ts';
import type { Hit, LeftOutReason } from './hit.ts';
import { mapJsonStrings } from './json-strings.ts';

/** A text of a row and where it stands. */
export interface PlacedText<P> {
  text: string;
  /** Whether it is JSON, whose strings are read without their escapes. */
  json: boolean;
  place: P;
}

/** A thing that should not be published, without saying it. */
export interface PlacedHit<P> {
  hit: Hit;
  /** The same number for the same thing. */
  thing: number;
  place: P;
}

export interface PrivateReport<P> {
  hits: PlacedHit<P>[];
  leftOut: ReadonlyMap<LeftOutReason, number>;
}

/** Reads all texts of a row. */
export function reportPrivate<P>(texts: Iterable<PlacedText<P>>): PrivateReport<P> {
  const hits: PlacedHit<P>[] = [];
  const leftOut = new Map<LeftOutReason, number>();
  const things = new Map<string, number>();
  const note = (reason: LeftOutReason) => void leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  for (const { text, json, place } of texts) {
    const read = (part: string) => {
      for (const hit of findPrivate(part, note)) {
        const name = `${hit.kind} ${part.slice(hit.start, hit.end)}`;
        const thing = things.get(name) ?? things.size;
        things.set(name, thing);
        hits.push({ hit, thing, place });
      }
      return part;
    };
    if (json) mapJsonStrings(text, read);
    else read(text);
  }
  return { hits, leftOut };
}
