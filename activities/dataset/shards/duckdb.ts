import type { DuckDBConnection } from '@duckdb/node-api';

/** One thread keeps the order of rows; freed memory given back at once: otherwise the engine keeps hundreds of megabytes. */
const settings = { threads: '1', allocator_background_threads: 'true', allocator_flush_threshold: '16MB' };

/** Works with an engine in memory, which is closed afterwards. */
export async function withDuckDb<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  // Loaded on use: with its engine it is larger than all that exports need.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', settings);
  try {
    return await work(await instance.connect());
  } finally {
    instance.closeSync();
  }
}
