import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { openRelease } from '../../activities/dataset/open-release.ts';
import { pushRelease } from '../../activities/dataset/push/push-release.ts';
import { verifyRelease } from '../../activities/dataset/verify/verify-release.ts';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { key, type S3Server, startS3Server } from '../platform/s3/s3-server.ts';
import { fillCampaign, type Workplace, workplace } from './campaign.ts';

let place: Workplace;
let release: string;
let other: string;
let to: string;
let number = 0;

const push = (from: string, dest = to, options = {}) => pushRelease(localReleaseFolder(from), dest, options);
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

async function rowsOf(folder: string): Promise<DatasetRow[]> {
  const rows: DatasetRow[] = [];
  for await (const row of (await openRelease(localReleaseFolder(folder))).rows()) rows.push(row);
  return rows;
}

beforeAll(async () => {
  place = workplace();
  await fillCampaign(place, 5);
  const build = async (name: string, rowsPerShard: number) => {
    const out = join(place.folder, name);
    await buildRelease({
      campaign: 'demo',
      version: name,
      out: localReleaseFolder(out),
      ledger: place.ledger,
      store: place.store,
      rowsPerShard,
    });
    return out;
  };
  release = await build('v1', 4);
  other = await build('v2', 100);
}, 60_000);
afterAll(() => place.close());
beforeEach(() => {
  to = join(place.folder, `pushed-${(number += 1)}`);
});

const layout = [
  'README.md',
  'data/openhands-00000-of-00002.parquet',
  'data/openhands-00001-of-00002.parquet',
  'data/sweagent-00000-of-00002.parquet',
  'data/sweagent-00001-of-00002.parquet',
  'ledger.jsonl',
  'manifest.json',
];

describe('a push into a folder', () => {
  it('lays files out by split, with a card that names them, and stays a release', async () => {
    const pushed = await push(release);
    const found = filesIn(to);
    expect(found).toEqual(expect.arrayContaining(layout));
    expect(found.filter((path) => path.endsWith('.parquet'))).toHaveLength(4);
    expect(pushed.written.at(-1)).toBe('README.md');
    expect(readFileSync(join(to, 'README.md'), 'utf8')).toMatch(
      /^---\n[\s\S]*split: openhands\n\s+path: data\/openhands-\*\.parquet\n[\s\S]*\n---\n/,
    );
    expect(await rowsOf(to)).toEqual(await rowsOf(release));
    expect(await verifyRelease(localReleaseFolder(to))).toMatchObject({ damages: 0, damage: [] });
  });

  it('is read by DuckDB by the split', async () => {
    await push(release);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const result = await connection.runAndReadAll(`SELECT count(*)::INT FROM read_parquet('${to}/data/openhands-*.parquet')`);
    const { manifest } = await openRelease(localReleaseFolder(release));
    const rows = manifest.shards.filter(({ split }) => split === 'openhands').reduce((sum, shard) => sum + shard.rows, 0);
    expect(result.getRows()).toEqual([[rows]]);
  });

  it('writes nothing the second time, and only what is missing after one that was stopped', async () => {
    await push(release);
    expect(await push(release)).toMatchObject({ written: [], replaced: [] });
    rmSync(join(to, 'README.md'));
    rmSync(join(to, 'data/sweagent-00001-of-00002.parquet'));
    writeFileSync(join(to, 'data/.tracemill-6f1c9d2e-4a7b-4c3d-8e0f-1a2b3c4d5e6f.partial'), 'half');
    const pushed = await push(release);
    expect(pushed.written).toEqual(['data/sweagent-00001-of-00002.parquet', 'README.md']);
    expect(filesIn(to).some((path) => path.endsWith('.partial'))).toBe(false);
  });

  it('that is stopped half way has no card, whatever was there before', async () => {
    await push(other);
    const stop = new AbortController();
    const onProgress = ({ path }: { path: string }) => {
      if (existsSync(join(to, 'data/openhands-00000-of-00002.parquet')) && path.includes('sweagent')) stop.abort(new Error('stopped'));
    };
    await expect(push(release, to, { replace: true, signal: stop.signal, onProgress })).rejects.toThrow('stopped');
    expect(existsSync(join(to, 'README.md'))).toBe(false);
    await push(release, to, { replace: true });
    expect(await rowsOf(to)).toEqual(await rowsOf(release));
  });

  it('refuses other content and shards of another release unless it may replace them, and leaves the rest alone', async () => {
    await push(other);
    writeFileSync(join(to, 'NOTES.txt'), 'mine');
    const before = filesIn(to);
    await expect(push(release)).rejects.toMatchObject({
      code: 'push_conflict',
      message: expect.stringMatching(/files with another content \(.+\) and 2 shards of another release/),
    });
    expect(filesIn(to)).toEqual(before);
    const pushed = await push(release, to, { replace: true });
    expect(pushed.left_alone).toEqual(['NOTES.txt']);
    expect(pushed.replaced).toContain('data/openhands-00000-of-00001.parquet');
    expect(filesIn(to).filter((path) => path.endsWith('.parquet'))).toHaveLength(4);
  });

  it('refuses a damaged release, and a place inside it', async () => {
    await push(release, join(to, 'good'));
    appendFileSync(join(to, 'good/ledger.jsonl'), ' ');
    await expect(push(join(to, 'good'), join(to, 'x'))).rejects.toMatchObject({ code: 'release_damaged' });
    expect(existsSync(join(to, 'x'))).toBe(false);
    await expect(push(release, join(release, 'data'))).rejects.toThrow(/lies in the release itself/);
    mkdirSync(join(to, 'empty'));
    await expect(push(join(to, 'empty'), to)).rejects.toMatchObject({ code: 'release_unreadable' });
  });
});

describe('a push into a bucket', () => {
  let server: S3Server;
  beforeEach(async () => {
    server = await startS3Server();
    vi.stubEnv('AWS_ACCESS_KEY_ID', key.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', key.secretAccessKey);
    vi.stubEnv('AWS_ENDPOINT_URL', server.endpoint);
    vi.stubEnv('AWS_ENDPOINT_URL_S3', '');
    vi.stubEnv('AWS_SESSION_TOKEN', '');
    vi.stubEnv('AWS_REGION', '');
    vi.stubEnv('AWS_DEFAULT_REGION', '');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });

  it('puts the same files, the card last, and skips them the next time', async () => {
    await push(release);
    await push(release, 's3://data/sets/odd name +1');
    const below = 'sets/odd name +1/';
    expect([...server.objects.keys()].map((name) => name.slice(below.length)).sort()).toEqual(filesIn(to));
    for (const path of filesIn(to)) expect(server.objects.get(`${below}${path}`)?.bytes.equals(readFileSync(join(to, path)))).toBe(true);
    expect(server.requests.filter((request) => request.startsWith('PUT')).at(-1)).toBe(`PUT ${below}README.md`);
    expect((await push(release, 's3://data/sets/odd name +1')).written).toEqual([]);
  });

  it('reads objects that others put, and refuses those with another content', async () => {
    await push(release, 's3://data');
    const ledger = server.objects.get('ledger.jsonl');
    if (ledger === undefined) throw new Error('no ledger');
    server.objects.set('ledger.jsonl', { bytes: ledger.bytes, sha256: undefined });
    expect((await push(release, 's3://data')).written).toEqual([]);
    server.objects.set('ledger.jsonl', { bytes: Buffer.from('other'), sha256: undefined });
    await expect(push(release, 's3://data')).rejects.toMatchObject({ code: 'push_conflict' });
    expect((await push(release, 's3://data', { replace: true })).written).toEqual(['ledger.jsonl', 'README.md']);
  });

  it('tries again when the server is busy or breaks off', async () => {
    server.failures.push(503, 'reset');
    await push(release, 's3://data');
    server.failures.push('reset');
    expect((await push(release, 's3://data')).written).toEqual([]);
  });

  it('says what the server refuses', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong');
    await expect(push(release, 's3://data')).rejects.toMatchObject({
      code: 'bucket_refused',
      message: expect.stringContaining('SignatureDoesNotMatch'),
    });
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', key.secretAccessKey);
    await expect(push(release, 's3://missing')).rejects.toMatchObject({ code: 'bucket_not_found' });
  });
});
