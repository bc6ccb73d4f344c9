import { basename } from 'node:path';
import { z } from 'zod';
import type { RowForm } from '../../../schemas/dataset-row.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { withDuckDb } from './duckdb.ts';
import { digestSql } from './row-digest.ts';

/** What a row of a shard has to be: its id, and the digest of all its values. */
export interface ExpectedRow {
  id: string;
  digest: string;
}

const Line = z.tuple([z.string().nullable(), z.string().nullable()]);

/**
 * Reads a written shard back by DuckDB, an implementation apart from the writer, and compares ids, their order and every value of every
 * row. Throws `Problem` release_damaged.
 */
export async function checkShard(path: string, expected: readonly ExpectedRow[], form: RowForm): Promise<void> {
  const found = await withDuckDb(async (connection) => {
    const result = await connection.runAndReadAll(`SELECT trajectory_id, ${digestSql(form)} FROM read_parquet($path)`, { path });
    return result.getRows().map((row) => Line.parse(row));
  }).catch((error: unknown) => {
    throw damaged(path, messageOf(error));
  });
  for (const [index, [id, digest]] of found.entries()) {
    const wanted = expected[index];
    if (id !== wanted?.id) throw damaged(path, `row ${index} is ${id}, not ${wanted?.id ?? 'the end'}`);
    if (digest !== wanted.digest) throw damaged(path, `row ${index}, ${id}, reads differently from what was written`);
  }
  if (found.length !== expected.length) throw damaged(path, `${found.length} rows instead of ${expected.length}`);
}

function damaged(path: string, what: string): Problem {
  return new Problem('release_damaged', `${basename(path)} does not hold what was written into it: ${what}`, {
    hint: 'check the disk, then build the release again',
  });
}
