import { z } from 'zod';
import { DatasetRow, type RowForm } from '../../../schemas/dataset-row.ts';
import { columnName, rowFields } from './columns.ts';
import { withDuckDb } from './duckdb.ts';

const Line = z.tuple([z.string()]);

/** Rows of one query: a row group or two. A larger result would be in memory several times. */
const rowsAtOnce = 100;

/** Reads the rows of one Parquet file with DuckDB: an implementation apart from the writer, in constant memory. */
export async function* readShard(path: string, form: RowForm = 'trajectory'): AsyncGenerator<DatasetRow> {
  let from = 0;
  for (;;) {
    const rows = await readSlice(path, form, from);
    yield* rows;
    if (rows.length < rowsAtOnce) return;
    from += rowsAtOnce;
  }
}

async function readSlice(path: string, form: RowForm, from: number): Promise<DatasetRow[]> {
  const fields = rowFields.map((field) => `${field} := "${columnName(field, form)}"`).join(', ');
  return await withDuckDb(async (connection) => {
    const result = await connection.runAndReadAll(
      `SELECT to_json(struct_pack(${fields}))::VARCHAR FROM read_parquet($path, file_row_number = true)
       WHERE file_row_number >= $from AND file_row_number < $to ORDER BY file_row_number`,
      { path, from, to: from + rowsAtOnce },
    );
    return result.getRows().map((row) => DatasetRow.parse(JSON.parse(Line.parse(row)[0])));
  });
}
