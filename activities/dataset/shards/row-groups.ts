import type { DatasetRow } from '../../../schemas/dataset-row.ts';

/**
 * Bounds of a row group: what a browser or the public viewer fetches and unpacks for one row, and what a build holds of rows at once.
 * Viewers ask for at most 100 rows or 32 MB; half of that keeps a build on two threads below 512 MB.
 */
export const groupBounds = { rows: 100, bytes: 16 * 1024 * 1024 };

/** Splits items in their order into parts within bounds; an item beyond them is a part of its own. */
export function inParts<T>(items: readonly T[], bounds: { rows: number; bytes: number }, bytesOf: (item: T) => number): T[][] {
  const parts: T[][] = [];
  let part: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    if (part.length > 0 && (part.length === bounds.rows || bytes + size > bounds.bytes)) {
      parts.push(part);
      [part, bytes] = [[], 0];
    }
    part.push(item);
    bytes += size;
  }
  if (part.length > 0) parts.push(part);
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
