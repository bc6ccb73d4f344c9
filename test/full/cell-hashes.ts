import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { openSource } from '../../activities/tables/byte-source.ts';
import { parquetRows } from '../../activities/tables/parquet-rows.ts';
import { pythonWithReaders } from '../dataset/python.ts';

/** One line a row, sorted: its id and a hash over every cell. */
type Lines = string[];

/** A value as text that every reader gives alike: fields sorted by name, without those that are null, which some readers leave out. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, each]) => each !== null && each !== undefined);
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`)
    .join(',')}}`;
}

const Row = z.record(z.string(), z.unknown());

function lineOf(row: Record<string, unknown>): string {
  return `${String(row['trajectory_id'])} ${hash('sha256', canonical(row))}`;
}

/** By the reader of this project. */
export async function ownLines(files: readonly string[]): Promise<Lines> {
  const lines: Lines = [];
  for (const file of files) {
    const source = await openSource(file);
    for await (const row of parquetRows(source)) lines.push(lineOf(row));
    await source.close();
  }
  return lines.sort();
}

export async function duckDbLines(files: readonly string[]): Promise<Lines> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const lines: Lines = [];
  for (const file of files) {
    const result = await connection.stream(`SELECT to_json(t)::VARCHAR FROM read_parquet('${file}') t`);
    for await (const chunk of result)
      for (const [text] of chunk.getRows()) lines.push(lineOf(Row.parse(JSON.parse(z.string().parse(text)))));
  }
  return lines.sort();
}

const program = `
import hashlib, json, sys
import pyarrow.parquet as pq, polars as pl
from datasets import load_dataset
files, out, cache = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3]

def canonical(value):
    if isinstance(value, list):
        return '[' + ','.join(map(canonical, value)) + ']'
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    fields = sorted((name, each) for name, each in value.items() if each is not None)
    return '{' + ','.join(json.dumps(name) + ':' + canonical(each) for name, each in fields) + '}'

def write(reader, rows):
    lines = sorted(row['trajectory_id'] + ' ' + hashlib.sha256(canonical(row).encode()).hexdigest() for row in rows)
    with open(out + '/' + reader, 'w') as file:
        file.write('\\n'.join(lines))

write('pyarrow', (row for file in files for batch in pq.ParquetFile(file).iter_batches(200) for row in batch.to_pylist()))
write('polars', (row for file in files for row in pl.read_parquet(file).iter_rows(named=True)))
write('datasets', load_dataset('parquet', data_files=files, split='train', cache_dir=cache))
write('datasets_streaming', load_dataset('parquet', data_files=files, split='train', streaming=True))
print('done')`;

/** By pyarrow, Polars and `datasets`, whole and streaming. `folder`: where they may write. */
export async function pythonLines(files: readonly string[], folder: string): Promise<Record<string, Lines>> {
  await pythonWithReaders(program, JSON.stringify(files), folder, join(folder, 'cache'));
  const linesOf = (reader: string) => readFileSync(join(folder, reader), 'utf8').split('\n');
  return Object.fromEntries(['pyarrow', 'polars', 'datasets', 'datasets_streaming'].map((reader) => [reader, linesOf(reader)]));
}
