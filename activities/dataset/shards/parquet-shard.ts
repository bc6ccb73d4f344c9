import type { DatasetRow, RowForm } from '../../../schemas/dataset-row.ts';
import { encodeGroup } from './encoded-group.ts';
import { ParquetFile } from './parquet-file.ts';
import { inGroups } from './row-groups.ts';

/** Writes rows as one Parquet file in this thread, holding no more than a row group of them. The same rows give the same bytes. */
export async function writeShard(
  write: (bytes: Uint8Array) => Promise<void>,
  rows: AsyncIterable<DatasetRow>,
  form: RowForm = 'trajectory',
): Promise<{ rows: number }> {
  const file = new ParquetFile(write, form);
  let count = 0;
  for await (const group of inGroups(rows)) {
    await file.add(encodeGroup(group, form));
    count += group.length;
  }
  await file.finish();
  return { rows: count };
}
