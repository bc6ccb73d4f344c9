import type { PatchIndex, Taken } from './patch-index.ts';
import type { BytePath, Difference } from './patch-lists.ts';
import { partPath, partsOf } from './patch-text.ts';

/** Above this size (bytes) a patch is taken without its largest files. */
const patchLimit = 16 * 1024 * 1024;

/** As git writes the mode of a file that is not there. */
const noFile = '000000';

/**
 * What has to stay out of a patch that is too large, so that the rest has room: what alone is too large, then new files, then
 * new files that the agent staged or committed (`added`), then the rest, the largest first. Empty when all has room.
 */
export async function withoutRoom(
  index: Pick<PatchIndex, 'sizes'>,
  { differences, diff }: Taken,
  added: ReadonlySet<BytePath>,
): Promise<Difference[]> {
  if (diff !== undefined && diff.length <= patchLimit) return [];
  const sizes = diff === undefined ? await objectSizes(index, differences) : partSizes(diff);
  const sized = differences.map((difference) => {
    const size = sizes.get(difference.path) ?? 0;
    return { difference, size, rank: size > patchLimit ? 0 : rankOf(difference, added) };
  });
  sized.sort((one, other) => one.rank - other.rank || other.size - one.size);
  const dropped: typeof sized = [];
  let total = sized.reduce((sum, { size }) => sum + size, 0);
  for (const candidate of sized) {
    if (total <= patchLimit && dropped.length > 0) break;
    dropped.push(candidate);
    total -= candidate.size;
  }
  // The last one dropped may have left room for earlier ones.
  const last = dropped.pop();
  const without = dropped.filter(({ size }) => {
    const fits = total + size <= patchLimit;
    if (fits) total += size;
    return !fits;
  });
  return [...without, ...(last === undefined ? [] : [last])].map(({ difference }) => difference);
}

/** Puts differences back to what the commit has. */
export function undoing(differences: Difference[]): { gone: BytePath[]; stored: { path: BytePath; mode: string; object: string }[] } {
  return {
    gone: differences.filter(({ oldMode }) => oldMode === noFile).map(({ path }) => path),
    stored: differences
      .filter(({ oldMode }) => oldMode !== noFile)
      .map(({ path, oldMode, oldObject }) => ({ path, mode: oldMode, object: oldObject })),
  };
}

function rankOf({ path, oldMode }: Difference, added: ReadonlySet<BytePath>): number {
  if (oldMode !== noFile) return 3;
  return added.has(path) ? 2 : 1;
}

/** Of what was and what is there, together. */
async function objectSizes(index: Pick<PatchIndex, 'sizes'>, differences: Difference[]): Promise<Map<BytePath, number>> {
  const sides = differences.flatMap(({ path, oldMode, mode, oldObject, object }) => [
    ...(oldMode === noFile ? [] : [{ path, object: oldObject }]),
    ...(mode === noFile ? [] : [{ path, object }]),
  ]);
  const sizes = await index.sizes(sides.map(({ object }) => object));
  const total = new Map<BytePath, number>();
  for (const [at, { path }] of sides.entries()) total.set(path, (total.get(path) ?? 0) + (sizes[at] ?? 0));
  return total;
}

function partSizes(diff: Buffer): Map<BytePath, number> {
  const sizes = new Map<BytePath, number>();
  // A file that becomes a link has two parts.
  for (const part of partsOf(diff)) sizes.set(partPath(part), (sizes.get(partPath(part)) ?? 0) + part.length);
  return sizes;
}
