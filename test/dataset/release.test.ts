import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { checkShard } from '../../activities/dataset/shards/check-shard.ts';
import { ReleaseEncoder } from '../../activities/dataset/shards/encoded-group.ts';
import { openRelease } from '../../activities/dataset/open-release.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import type { ReleaseProgress } from '../../schemas/release-progress.ts';
import type { ReleaseManifest } from '../../schemas/release.ts';
import { fillCampaign, idOf, type Workplace, workplace } from './campaign.ts';
import { pyarrowFolder, pythonWithPyarrow } from './python.ts';

const ROWS_PER_SHARD = 4;
let place: Workplace;
let out: string;
let manifest: ReleaseManifest;

const build = (folder: string, from = place) =>
  buildRelease({
    campaign: 'demo',
    version: 'v1',
    out: localReleaseFolder(folder),
    ledger: from.ledger,
    store: from.store,
    rowsPerShard: ROWS_PER_SHARD,
  });

beforeAll(async () => {
  place = workplace();
  out = join(place.folder, 'release');
  await fillCampaign(place, 6);
  manifest = await build(out);
  await pyarrowFolder();
}, 300_000);
afterAll(() => place.close());

const text = (path: string) => readFileSync(join(out, path), 'utf8');

async function allRows(folder = out): Promise<DatasetRow[]> {
  const rows: DatasetRow[] = [];
  for await (const row of (await openRelease(localReleaseFolder(folder))).rows()) rows.push(row);
  return rows;
}

describe('the files of a release', () => {
  it('lie by harness, teacher and dataset, in shards of a fixed size with rows sorted by id', async () => {
    const names = manifest.shards.map(({ path, rows }) => `${path} ${rows}`);
    expect(names).toEqual(
      ['openhands', 'sweagent'].flatMap((harness) =>
        [0, 1, 2].map((number) =>
          expect.stringMatching(`^data/${harness}/scripted_15/swe-rebench-v2/train-0000${number}-of-00003.parquet [1-4]$`),
        ),
      ),
    );
    const rows = await allRows();
    for (const split of ['openhands', 'sweagent']) {
      const ids = rows.filter(({ tools, trajectory }) => tools.length > 0 && ends(trajectory) === split).map((row) => row.trajectory_id);
      expect(ids).toEqual(ids.toSorted());
      expect(ids.length).toBeGreaterThan(ROWS_PER_SHARD);
    }
  });

  it('have the sizes and hashes that the manifest names', () => {
    for (const { path, sha256, size_bytes } of [...manifest.shards, manifest.ledger, manifest.card]) {
      const bytes = readFileSync(join(out, path));
      expect([path, bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([path, size_bytes, sha256]);
    }
  });

  it('hold every planned rollout in the ledger and only kept ones as rows', async () => {
    const entries = await (await openRelease(localReleaseFolder(out))).ledger();
    expect(entries).toHaveLength(24);
    expect(manifest.funnel.total).toMatchObject({ planned: 24, lost: 1, dropped: 4, kept: 19 });
    expect((await allRows()).map((row) => row.trajectory_id).sort()).toEqual(entries.filter(({ kept }) => kept).map(({ id }) => id));
    for (const entry of entries) expect(entry.decisions.some(({ decision }) => decision === 'drop')).toBe(!entry.kept);
  });

  it('name nothing that differs between equal runs: no durations, no references', () => {
    expect(text('ledger.jsonl')).not.toMatch(/duration_ms|size_bytes|content_type/);
  });

  it('hold the whole verdict of every row, though the ledger keeps a summary', async () => {
    const verdicts = new Map((await (await openRelease(localReleaseFolder(out))).ledger()).map(({ id, verdict }) => [id, verdict]));
    expect(verdicts.get(idOf(2, 'openhands', 'think'))).toEqual({
      resolved: 0,
      reason: 'tests',
      detail: '',
      fail_to_pass: { passed: ['tests/test_parse.py::test_blank'], failed: [] },
      pass_to_pass: { passed: ['tests/test_parse.py::test_plain'], failed: [] },
      exit_codes: [0],
    });
    expect(verdicts.get(idOf(0, 'openhands', 'think'))).toBeNull();
  });

  it('come with a card whose front matter names the splits and whose tables have the numbers', () => {
    const card = text('README.md');
    expect(card).toMatch(
      /^---\n[\s\S]*config_name: "v1"[\s\S]*split: openhands\n {4}path: data\/openhands\/\*\*\/\*\.parquet[\s\S]*\n---\n/,
    );
    expect(card).toContain('| all |  |  | 19 | 7 | 12 | 0 | 36.8 % |');
    expect(card).toContain('| dropped by no_patch | 4 |');
  });
});

function ends(trajectory: DatasetRow['trajectory']): string {
  return trajectory.some(({ tool_calls }) => tool_calls?.some((call) => call.function.name === 'submit') === true)
    ? 'sweagent'
    : 'openhands';
}

describe('building', () => {
  it('says how far it is, row by row', async () => {
    const said: ReleaseProgress[] = [];
    const out = localReleaseFolder(join(place.folder, 'said'));
    await buildRelease({
      campaign: 'demo',
      version: 'v1',
      out,
      ledger: place.ledger,
      store: place.store,
      onProgress: (now) => said.push(now),
    });
    expect([...new Set(said.map(({ phase }) => phase))]).toEqual(['comparing', 'planning', 'writing', 'finishing']);
    expect(said.at(-1)).toEqual({ phase: 'finishing', rows: 19, written: 19, checked: 19, shards: 2, shards_done: 2 });
    // The last shard is read back while the ledger is written.
    expect(said.filter(({ rows }) => rows === 19)).toHaveLength(1 + 19 + 19 + 2 + 1);
  });

  it('stops when it is asked to, and leaves nothing', async () => {
    const stop = new AbortController();
    const out = localReleaseFolder(join(place.folder, 'stopped', 'v1'));
    const onProgress = ({ written }: ReleaseProgress) => {
      if (written === 5) stop.abort(new Error('enough'));
    };
    const request = { campaign: 'demo', version: 'v1', out, ledger: place.ledger, store: place.store, signal: stop.signal, onProgress };
    await expect(buildRelease(request)).rejects.toThrow('enough');
    expect(readdirSync(join(place.folder, 'stopped'))).toEqual([]);
  });
});

describe('building again', () => {
  it('gives the same bytes, in another folder, from another ledger made from the records', async () => {
    cpSync(join(place.folder, 'records'), join(place.folder, 'elsewhere', 'records'), { recursive: true });
    const ledger = openLocalLedger(join(place.folder, 'elsewhere', 'ledger.sqlite'));
    try {
      const again = join(place.folder, 'again');
      await build(again, { ...place, ledger });
      expect(files(again)).toEqual(files(out));
    } finally {
      await ledger.close();
    }
  });

  it('replaces a release as a whole and leaves nothing beside it', async () => {
    const folder = join(place.folder, 'replaced', 'v1');
    await build(folder);
    writeFileSync(join(folder, 'stray.txt'), 'left over');
    await build(folder);
    expect(existsSync(join(folder, 'stray.txt'))).toBe(false);
    expect(readdirSync(dirname(folder))).toEqual(['v1']);
  });

  it('keeps the old release when an artifact is damaged, and names it', async () => {
    const other = workplace();
    try {
      await fillCampaign(other, 3);
      const folder = join(other.folder, 'release');
      await build(folder, other);
      const before = files(folder);
      const entry = await other.ledger.entry(idOf(2, 'openhands', 'think'));
      if (entry === null || entry.trajectory === null) throw new Error('the row has no trajectory');
      appendFileSync(other.store.location(entry.trajectory), 'x');
      writeFileSync(other.store.location(entry.trajectory), 'nonsense');
      await expect(build(folder, other)).rejects.toMatchObject({
        code: 'artifact_damaged',
        message: expect.stringContaining(entry.trajectory.sha256),
      });
      expect(files(folder)).toEqual(before);
      expect(readdirSync(other.folder).filter((name) => name.startsWith('release'))).toEqual(['release']);
    } finally {
      await other.close();
    }
  });

  it('is refused for a campaign that was never planned', async () => {
    const request = {
      campaign: 'unheard-of',
      version: 'v1',
      out: localReleaseFolder(join(place.folder, 'none')),
      ledger: place.ledger,
      store: place.store,
    };
    await expect(buildRelease(request)).rejects.toMatchObject({ code: 'unknown_campaign' });
  });
});

function files(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    paths
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}

describe('a shard read back', () => {
  it('is refused when its rows are not those that were written', async () => {
    const [shard] = manifest.shards;
    const path = join(out, shard?.path ?? '');
    await expect(checkShard(path, [{ id: 'another', digest: '' }], 'trajectory')).rejects.toMatchObject({
      code: 'release_damaged',
    });
    const rows = (await allRows()).slice(0, shard?.rows);
    const encoder = new ReleaseEncoder('trajectory');
    const expected = rows.map((row) => ({ id: row.trajectory_id, digest: encoder.add(row) }));
    await checkShard(path, expected, 'trajectory');
    const last = { id: rows.at(-1)?.trajectory_id ?? '', digest: 'f'.repeat(40) };
    await expect(checkShard(path, [...expected.slice(0, -1), last], 'trajectory')).rejects.toThrow(/reads differently/);
    await expect(checkShard(path, expected.slice(0, -1), 'trajectory')).rejects.toThrow(/not the end/);
    await expect(checkShard(path, [...expected, last], 'trajectory')).rejects.toThrow(/rows instead of/);
  });
});

const PUBLISHED_TYPES = {
  instance_id: 'string',
  repo: 'string',
  license: 'string',
  language: 'string',
  trajectory_id: 'string',
  trajectory:
    'list<element: struct<role: string, content: string, reasoning_content: string, tool_calls: list<element: struct<type: string, function: struct<name: string, arguments: string>>>>>',
  tools: 'list<element: string>',
  resolved: 'int32',
  metadata:
    'struct<category: string, reference_patch: struct<patch: string, num_modified_files: int32, num_modified_lines: int32>, model_patch: struct<patch: string, num_modified_files: int32, num_modified_lines: int32>, teacher_model: struct<name: string, enable_thinking: bool, reasoning_effort: string>, git_hack_attempted: bool>',
  hf_dataset_name: 'string',
};

describe('other readers', () => {
  it('pyarrow sees the published column types and the same rows', async () => {
    const program = `
import json, sys, pyarrow.parquet as pq
for path in sys.argv[1:]:
    table = pq.read_table(path)
    print(json.dumps({"types": {field.name: str(field.type) for field in table.schema}, "rows": table.to_pylist()}))
`;
    const output = await pythonWithPyarrow(program, ...manifest.shards.map(({ path }) => join(out, path)));
    const tables = output
      .trim()
      .split('\n')
      .map((line) => z.object({ types: z.record(z.string(), z.string()), rows: z.array(z.unknown()) }).parse(JSON.parse(line)));
    for (const { types } of tables) expect(types).toEqual(PUBLISHED_TYPES);
    expect(tables.flatMap(({ rows }) => rows)).toEqual(await allRows());
  });

  it('DuckDB reads a whole split at once', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const query = `SELECT count(*)::INT AS rows, typeof(any_value(resolved)) AS resolved, count(DISTINCT trajectory_id)::INT AS ids,
      bool_and(list_contains(list_transform(trajectory, m -> m.role), 'tool')) AS observed
      FROM read_parquet('${join(out, 'data/openhands/**/*.parquet')}')`;
    const [row] = (await connection.runAndReadAll(query)).getRowObjects();
    expect(row).toEqual({ rows: 9, resolved: 'INTEGER', ids: 9, observed: true });
    instance.closeSync();
  });
});
