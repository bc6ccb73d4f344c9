import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { writeArrowStream } from '../../activities/dataset/arrow-stream.ts';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { exportArrow } from '../../activities/dataset/export-arrow.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { type OpenRelease, openRelease } from '../../activities/dataset/open-release.ts';
import { writeShard } from '../../activities/dataset/parquet-shard.ts';
import { toRow } from '../../activities/dataset/row.ts';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { finish, run, scan, task, trajectory, verdict } from '../filtering/rows.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { fillCampaign, type Workplace, workplace } from './campaign.ts';
import { pyarrowFolder, pythonWithPyarrow } from './python.ts';

let place: Workplace;
let release: OpenRelease;

beforeAll(async () => {
  place = workplace();
  await fillCampaign(place, 6);
  const out = localReleaseFolder(join(place.folder, 'release'));
  await buildRelease({ campaign: 'demo', version: 'v1', out, ledger: place.ledger, store: place.store, rowsPerShard: 4 });
  release = await openRelease(out);
  await pyarrowFolder();
}, 300_000);
afterAll(() => place.close());

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

async function* each(rows: DatasetRow[]) {
  yield* rows;
}

describe('rows as an Arrow stream', () => {
  it('read the same as the Parquet file in pyarrow, row by row, whatever is in them', async () => {
    const folder = scratchFolder('arrow');
    const [stream, shard] = [join(folder, 'rows.arrow'), join(folder, 'rows.parquet')];
    const rows = oddRows(250);
    expect(await writeArrowStream(async (bytes) => appendFileSync(stream, bytes), each(rows))).toBe(250);
    await writeShard(async (bytes) => appendFileSync(shard, bytes), each(rows));
    const read = await compare(stream, [shard]);
    expect(read.same_schema).toBe(true);
    expect(read.same_rows).toEqual(rows.map(() => true));
    expect(read.rows).toEqual(rows);
    expect(read.batches).toEqual([100, 100, 50]);
  });

  it('have a schema where there is no row', async () => {
    const stream = join(scratchFolder('arrow'), 'none.arrow');
    expect(await writeArrowStream(async (bytes) => appendFileSync(stream, bytes), each([]))).toBe(0);
    const { schema, rows, batches } = await compare(stream, []);
    expect(schema).toContain('tool_calls: list<element: struct<type: string, function: struct<name: string, arguments: string>>>');
    expect([rows, batches]).toEqual([[], []]);
  });

  it('are written as fast as they are taken, a group of rows at a time', async () => {
    const rows = oddRows(1000);
    let read = 0;
    const source = async function* () {
      for (const row of rows) {
        read += 1;
        yield row;
      }
    };
    const readAtWrites = new Set<number>();
    await writeArrowStream(async () => {
      readAtWrites.add(read);
    }, source());
    expect([...readAtWrites]).toEqual(Array.from({ length: 10 }, (_, group) => (group + 1) * 100));
  });
});

describe('the export of a release', () => {
  it('is one file a split, with the columns and rows of its shards', async () => {
    const folder = scratchFolder('export');
    const files = await exportArrow(release, { out: join(folder, 'rows.arrow') });
    expect(files.map(({ split, path }) => [split, path])).toEqual(
      ['openhands', 'sweagent'].map((split) => [split, join(folder, `rows.${split}.arrow`)]),
    );
    for (const { split, path, rows, size_bytes, sha256 } of files) {
      const shards = release.manifest.shards.filter((shard) => shard.split === split);
      const read = await compare(
        path,
        shards.map((shard) => join(place.folder, 'release', shard.path)),
      );
      expect(read.same_schema).toBe(true);
      expect(read.same_rows).toEqual(Array.from({ length: rows }, () => true));
      const bytes = readFileSync(path);
      expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([size_bytes, sha256]);
    }
  });

  it('of one split goes into the file that is named', async () => {
    const out = join(scratchFolder('export'), 'deep', 'only.arrow');
    expect(await exportArrow(release, { out, split: 'sweagent' })).toMatchObject([{ split: 'sweagent', path: out, rows: 10 }]);
    expect(readdirSync(dirname(out))).toEqual(['only.arrow']);
  });

  it('is refused for a split that the release does not have', async () => {
    await expect(exportArrow(release, { out: 'x', split: 'other' })).rejects.toMatchObject({
      code: 'unknown_split',
      hint: 'its splits: openhands, sweagent',
    });
  });

  it('leaves no file when it is stopped', async () => {
    const folder = scratchFolder('export');
    const stop = new AbortController();
    const onRow = () => stop.abort(new Error('enough'));
    await expect(exportArrow(release, { out: join(folder, 'a.arrow'), signal: stop.signal, onRow })).rejects.toThrow('enough');
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(join(folder, 'a.arrow'))).toBe(false);
  });
});
