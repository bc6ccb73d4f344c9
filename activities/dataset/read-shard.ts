import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { DatasetRow } from '../../schemas/dataset-row.ts';
import { columnNames } from './columns.ts';

/** Rows of one query: a row group. A larger streamed result would be in memory several times. */
const ROWS_AT_ONCE = 100;

/** One thread, and freed memory given back at once: otherwise the engine keeps hundreds of megabytes. */
const SETTINGS = { threads: '1', allocator_background_threads: 'true', allocator_flush_threshold: '16MB' };

const Line = z.tuple([z.string()]);

/** Reads the rows of one Parquet file with DuckDB: an implementation apart from the writer, in constant memory. */
export async function* readShard(path: string): AsyncGenerator<DatasetRow> {
  // Loaded on use: with its engine it is larger than all that exports need.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', SETTINGS);
  try {
    const connection = await instance.connect();
    let from = 0;
    for (;;) {
      const rows = await readSlice(connection, path, from);
      yield* rows;
      if (rows.length < ROWS_AT_ONCE) return;
      from += ROWS_AT_ONCE;
    }
  } finally {
    instance.closeSync();
  }
}

async function readSlice(connection: DuckDBConnection, path: string, from: number): Promise<DatasetRow[]> {
  const fields = columnNames.map((name) => `${name} := ${name}`).join(', ');
  const result = await connection.runAndReadAll(
    `SELECT to_json(struct_pack(${fields}))::VARCHAR FROM read_parquet($path, file_row_number = true)
     WHERE file_row_number >= $from AND file_row_number < $to ORDER BY file_row_number`,
    { path, from, to: from + ROWS_AT_ONCE },
  );
  return result.getRows().map((row) => DatasetRow.parse(JSON.parse(Line.parse(row)[0])));
}
