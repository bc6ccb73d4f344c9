import type { DatasetRow } from '../../schemas/dataset-row.ts';

/** Rows held in memory at once, written and compressed together: about 15 MB of text. */
export const ROW_GROUP_ROWS = 100;

export async function* inGroups(rows: AsyncIterable<DatasetRow>): AsyncGenerator<DatasetRow[]> {
  let group: DatasetRow[] = [];
  for await (const row of rows) {
    group.push(row);
    if (group.length < ROW_GROUP_ROWS) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
