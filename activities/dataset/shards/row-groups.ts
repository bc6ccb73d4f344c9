import type { DatasetRow } from '../../../schemas/dataset-row.ts';

/**
 * Bounds of a row group: what a browser or the public viewer fetches and unpacks for one row, and what a build holds of rows at once.
 * Viewers ask for at most 100 rows or 32 MB; half of that keeps a build on two threads below 512 MB.
 */
export const groupBounds = { rows: 100, bytes: 16 * 1024 * 1024 };

/** Splits so many items in their order into parts within bounds, from one place to before another; an item beyond bounds is a part of its own. */
export function inParts(
  count: number,
  bounds: { rows: number; bytes: number },
  bytesOf: (index: number) => number,
): { from: number; to: number }[] {
  const parts: { from: number; to: number }[] = [];
  let [from, bytes] = [0, 0];
  for (let index = 0; index < count; index += 1) {
    const size = bytesOf(index);
    if (index > from && (index - from === bounds.rows || bytes + size > bounds.bytes)) {
      parts.push({ from, to: index });
      [from, bytes] = [index, 0];
    }
    bytes += size;
  }
  if (count > from) parts.push({ from, to: count });
  return parts;
}

/** The same for rows as they come, by the length of their messages. */
export async function* inGroups(rows: AsyncIterable<DatasetRow>): AsyncGenerator<DatasetRow[]> {
  let group: DatasetRow[] = [];
  let bytes = 0;
  for await (const row of rows) {
    const size = row.trajectory.reduce((sum, { content, reasoning_content }) => sum + content.length + (reasoning_content?.length ?? 0), 0);
    if (group.length > 0 && (group.length === groupBounds.rows || bytes + size > groupBounds.bytes)) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(row);
    bytes += size;
  }
  if (group.length > 0) yield group;
}
