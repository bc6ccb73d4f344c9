import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { judgeRows } from '../../activities/filtering/index.ts';
import { readTrajectories } from '../../activities/ingestion/index.ts';
import { scanForCampaign, scannerVersion } from '../../activities/scanning/index.ts';
import { pythonWithReaders } from '../dataset/python.ts';
import { openWorkplace } from '../dataset/campaign.ts';
import { fixture } from '../ingestion/collect.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-judged-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readers = `
import glob, json, sys
import pyarrow.parquet as pq, polars as pl
from datasets import load_dataset
files = sorted(glob.glob(sys.argv[1] + '/data/**/*.parquet', recursive=True))
columns = ['trajectory_id', 'license', 'language', 'resolved']
of = lambda rows: sorted([row[name] for name in columns] + [len(row['trajectory'])] for row in rows)
print(json.dumps({
  'pyarrow': of([row for file in files for row in pq.read_table(file).to_pylist()]),
  'polars': of([row for file in files for row in pl.read_parquet(file).to_dicts()]),
  'datasets': of(list(load_dataset('parquet', data_files=files, split='train', cache_dir=sys.argv[2]))),
}))`;

it('a release of rows of ten formats is opened by pyarrow, Polars, datasets and DuckDB, all with the same rows', async () => {
  const records = openWorkplace(folder);
  async function* rows() {
    for await (const reading of readTrajectories(fixture('.'))) if (reading.ok) yield { trajectory: reading.trajectory, task: null };
  }
  const { ids } = await judgeRows({
    campaign: 'theirs',
    preset: 'evaluation',
    stated: { licence: 'MIT' },
    rows: rows(),
    scan: (trajectory, task) => scanForCampaign(trajectory, task, 'follow-up'),
    judges: { scanner_version: scannerVersion, preset: 'follow-up', second: null },
    ...records,
    signal: new AbortController().signal,
    onRow: async () => undefined,
  });
  const out = join(folder, 'release');
  await buildRelease({ campaign: 'theirs', version: 'v1', out: localReleaseFolder(out), ...records });
  const read: Record<string, unknown[][]> = JSON.parse(await pythonWithReaders(readers, out, join(folder, 'cache')));
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  const found = await duckdb.runAndReadAll(
    `SELECT trajectory_id, license, language, resolved, len(trajectory) FROM read_parquet('${out}/data/**/*.parquet') ORDER BY 1`,
  );
  const expected = found.getRows().map((row) => row.map((value) => (typeof value === 'bigint' ? Number(value) : value)));
  expect(expected.map(([id]) => id)).toEqual(ids.toSorted());
  expect(read).toEqual({ pyarrow: expected, polars: expected, datasets: expected });
  await records.ledger.close();
}, 600_000);
