import type { Command } from '../extraction/command.ts';
import type { FileAccess } from './file-access.ts';
import { copyKind } from './file-kind.ts';
import type { Surroundings } from './surroundings.ts';

const hit = /^([~/][^\s:]*\/[^\s:]+):(?:\d+[:-])?\s*\S/gm;
const mostHits = 200;

/**
 * The copy of the project that a search through a store of packages or the whole machine printed lines of. Only the
 * output tells: the same words may look for a library. It counts where at least half of the hits lie in such a copy.
 */
export function copyFound({ argv, directory }: Command, surroundings: Surroundings): FileAccess[] {
  const { observation } = surroundings;
  if (observation === '' || argv.some((arg) => /^(?:-[a-zA-Z]*[lcLq]|--files-with\w*|--count|--quiet)$/.test(arg))) return [];
  const abroad = argv.slice(1).some((arg) => /^[~/]./.test(arg) || arg === '/') || /^[~/]/.test(directory);
  if (!abroad) return [];
  const copies: string[] = [];
  let hits = 0;
  for (const [, path = ''] of observation.slice(0, 100_000).matchAll(hit)) {
    if ((hits += 1) > mostHits) break;
    if (!surroundings.tree.isInside(path) && !surroundings.isMade(path) && copyKind(path, 'grep', surroundings) === 'published_copy')
      copies.push(path);
  }
  const [first] = copies;
  return first !== undefined && copies.length * 2 >= Math.min(hits, mostHits) ? [{ path: first, kind: 'published_copy' }] : [];
}
