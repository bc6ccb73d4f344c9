import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { columnsOf } from '../../activities/dataset/shards/columns.ts';
import { writeShard } from '../../activities/dataset/shards/parquet-shard.ts';
import { toRow } from '../../activities/dataset/shards/row.ts';
import { ArrowStream } from '../../activities/tables/arrow-stream.ts';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { pyarrowFolder, pythonWithPyarrow } from '../dataset/python.ts';
import { finish, run, scan, task, trajectory, verdict } from '../filtering/rows.ts';
import { scratchFolder } from '../scratch-folder.ts';

beforeAll(() => pyarrowFolder().then(() => undefined), 300_000);

const comparison = `
import json, sys, pyarrow as pa, pyarrow.ipc as ipc, pyarrow.parquet as pq
stream, *shards = sys.argv[1:]
with ipc.open_stream(stream) as reader:
    batches = [batch for batch in reader]
    schema = reader.schema
arrow = pa.Table.from_batches(batches, schema)
arrow.validate(full=True)
parquet = pa.concat_tables([pq.read_table(shard) for shard in shards]) if shards else None
rows = arrow.to_pylist()
print(json.dumps({
    "schema": str(schema.remove_metadata()),
    "same_schema": parquet is None or schema.equals(parquet.schema),
    "same_rows": parquet is None or [a == b for a, b in zip(rows, parquet.to_pylist(), strict=True)],
    "batches": [batch.num_rows for batch in batches],
    "rows": rows,
}))
`;

const Comparison = z.object({
  schema: z.string(),
  same_schema: z.boolean(),
  same_rows: z.union([z.boolean(), z.array(z.boolean())]),
  batches: z.array(z.number()),
  rows: z.array(z.unknown()),
});

async function compare(stream: string, shards: string[]) {
  return Comparison.parse(JSON.parse(await pythonWithPyarrow(comparison, stream, ...shards)));
}

/** Text that some writers and readers lose. */
const odd = [
  '',
  'a\0b',
  'line\u2028next\u2029',
  'naïve 🦊 𝕏',
  'a\r\nb\n',
  '"quoted\\"',
  '\u{1F468}‍\u{1F469}‍\u{1F467}',
  'x'.repeat(100_000),
];

function oddRows(count: number): DatasetRow[] {
  const plain = toRow(trajectory([run('ls'), finish]), task(), verdict(), scan());
  return Array.from({ length: count }, (_, number) => {
    const text = odd[number % odd.length] ?? '';
    const call = {
      type: 'function' as const,
      function: { name: 'run', arguments: `{"n": 9007199254740993, "t": ${JSON.stringify(text)}}` },
    };
    const message = { role: 'assistant' as const, content: text, reasoning_content: null, tool_calls: null };
    const messages: DatasetRow['trajectory'][] = [
      [],
      [message],
      [{ ...message, tool_calls: [] }, { ...message, reasoning_content: text, tool_calls: [call, call] }, message],
    ];
    return {
      ...plain,
      license: text.slice(0, 10).toWellFormed(),
      trajectory: messages[number % messages.length] ?? [],
      tools: number % 4 === 0 ? [] : [text, ''],
      resolved: ([1, 0, -1] as const)[number % 3] ?? -1,
      metadata: { ...plain.metadata, git_hack_attempted: number % 2 === 0, model_patch: { ...plain.metadata.model_patch, patch: text } },
    };
  });
}

function write(stream: string, rows: readonly DatasetRow[], rowsABatch: number): void {
  const arrow = new ArrowStream<DatasetRow>(columnsOf('trajectory'));
  for (let from = 0; from < rows.length; from += rowsABatch) {
    for (const bytes of arrow.batch(rows.slice(from, from + rowsABatch))) appendFileSync(stream, bytes);
  }
  for (const bytes of arrow.end()) appendFileSync(stream, bytes);
}

async function* each(rows: DatasetRow[]) {
  yield* rows;
}

describe('rows as an Arrow stream', () => {
  it('read the same as a Parquet file in pyarrow, row by row, whatever is in them', async () => {
    const folder = scratchFolder('arrow');
    const [stream, shard] = [join(folder, 'rows.arrow'), join(folder, 'rows.parquet')];
    const rows = oddRows(250);
    write(stream, rows, 100);
    await writeShard(async (bytes) => appendFileSync(shard, bytes), each(rows));
    const read = await compare(stream, [shard]);
    expect(read.same_schema).toBe(true);
    expect(read.same_rows).toEqual(rows.map(() => true));
    expect(read.rows).toEqual(rows);
    expect(read.batches).toEqual([100, 100, 50]);
  });

  it('have a schema where there is no row', async () => {
    const stream = join(scratchFolder('arrow'), 'none.arrow');
    write(stream, [], 100);
    const { schema, rows, batches } = await compare(stream, []);
    expect(schema).toContain('tool_calls: list<element: struct<type: string, function: struct<name: string, arguments: string>>>');
    expect([rows, batches]).toEqual([[], []]);
  });
});
