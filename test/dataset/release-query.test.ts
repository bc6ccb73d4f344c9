import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zstdDecompressSync } from 'node:zlib';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { encodeGroup } from '../../activities/dataset/shards/encoded-group.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { openRelease } from '../../activities/dataset/open-release.ts';
import { groupBounds, inParts } from '../../activities/dataset/shards/row-groups.ts';
import { isSelected } from '../../activities/dataset/selection/selected-rows.ts';
import type { ReleaseQuery } from '../../schemas/release-query.ts';
import { fillCampaign, type Workplace, workplace } from './campaign.ts';
import { row } from '../training/rows.ts';

let place: Workplace;
beforeAll(async () => {
  place = workplace();
  await fillCampaign(place, 6);
  await fillCampaign(place, 2, 'other');
});
afterAll(() => place.close());

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function built(name: string, query: ReleaseQuery, more: { form?: 'messages' } = {}) {
  const out = localReleaseFolder(join(place.folder, name));
  const manifest = await buildRelease({ campaign: name, version: 'v1', query, out, ...more, ledger: place.ledger, store: place.store });
  const release = await openRelease(out);
  const rows = await all(release.rows());
  return { manifest, release, rows, folder: out.location };
}

describe('a release of a query', () => {
  it('has the kept rows of all its campaigns, sorted by id, and one funnel of both', async () => {
    const { manifest, rows, release } = await built('both', { campaigns: ['other', 'demo'] });
    const alone = await Promise.all(['demo', 'other'].map((name) => built(name, { campaigns: [name] })));
    expect(rows.map((each) => each.trajectory_id).sort()).toEqual(
      alone.flatMap((one) => one.rows.map((each) => each.trajectory_id)).sort(),
    );
    expect(manifest.query?.campaigns).toEqual(['demo', 'other']);
    expect(manifest.funnel.total.planned).toBe(32);
    const ids = (await release.ledger()).map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
    expect(ids).toHaveLength(32);
  });

  it('has only rows that meet every condition, and counts the others', async () => {
    const { manifest, rows } = await built('some', {
      campaigns: ['demo'],
      harnesses: ['sweagent'],
      modes: ['think'],
      resolved: [1],
      languages: ['python'],
    });
    expect(rows.map(({ language, resolved }) => [language, resolved])).toEqual([['python', 1]]);
    expect(manifest).toMatchObject({ rows: 1, not_selected: 18, funnel: { total: { kept: 19 } } });
  });

  it('selects by findings: none, some, or those of a category', async () => {
    const [entry] = await all(place.ledger.entries('demo'));
    if (entry === undefined) throw new Error('no entry');
    const finding = { category: 'UPSTREAM' as const, rule: 'x', severity: 'high' as const };
    const flagged = { ...entry, kept: true, findings: [{ ...finding }] };
    const asks = (findings: ReleaseQuery['findings'], of: object) =>
      isSelected({ campaigns: ['demo'], findings }, { ...entry, kept: true, findings: [], ...of });
    expect([asks('none', {}), asks('some', {}), asks(['UPSTREAM'], {})]).toEqual([true, false, false]);
    expect([asks('none', flagged), asks('some', flagged), asks(['UPSTREAM'], flagged), asks(['MEMORY'], flagged)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('is refused where one of its campaigns is unknown', async () => {
    await expect(built('none', { campaigns: ['demo', 'unheard-of'] })).rejects.toMatchObject({ code: 'unknown_campaign' });
  });
});

describe('the form of later revisions', () => {
  it('calls the transcript messages, and has the same content', async () => {
    const [first, second] = [
      await built('first', { campaigns: ['demo'] }),
      await built('second', { campaigns: ['demo'] }, { form: 'messages' }),
    ];
    expect(second.manifest.columns.at(-1)?.name).toBe('messages');
    expect(second.manifest.content_sha256).toBe(first.manifest.content_sha256);
    expect(second.rows).toEqual(first.rows);
    const file = await asyncBufferFromFile(join(second.folder, second.manifest.shards[0]?.path ?? ''));
    const [read] = await parquetReadObjects({ file, rowEnd: 1, compressors: { ZSTD: (input) => zstdDecompressSync(input) } });
    expect(Object.keys(read ?? {})).toContain('messages');
    expect(Object.keys(read ?? {})).not.toContain('trajectory');
  });
});

describe('a shard', () => {
  it('begins each row group with the columns that rows are found by, and has an index of the pages of every column', async () => {
    const { folder, manifest } = await built('indexed', { campaigns: ['demo'] });
    for (const { path } of manifest.shards) {
      const file = await asyncBufferFromFile(join(folder, path));
      for (const { columns, num_rows } of (await parquetMetadataAsync(file)).row_groups) {
        expect(Number(num_rows)).toBeLessThanOrEqual(groupBounds.rows);
        expect(columns.slice(0, 7).map(({ meta_data }) => meta_data?.path_in_schema[0])).toEqual([
          'instance_id',
          'repo',
          'license',
          'language',
          'trajectory_id',
          'resolved',
          'hf_dataset_name',
        ]);
        for (const column of columns) expect(column.offset_index_length).toBeGreaterThan(0);
        for (const column of columns.slice(0, 7)) expect(column.column_index_length).toBeGreaterThan(0);
        expect(columns.map(({ meta_data }) => meta_data?.codec)).toEqual(columns.map(() => 'ZSTD'));
      }
    }
  });

  it('gives one row of a long group by its pages alone', async () => {
    const rows = Array.from({ length: 40 }, (_, number) => {
      const one = row({});
      const [message] = one.trajectory;
      if (message === undefined) throw new Error('a row has messages');
      return { ...one, instance_id: `acme__p-${number}`, trajectory: [{ ...message, content: `${number} `.repeat(60_000) }] };
    });
    const { pages } = encodeGroup(rows, 'trajectory');
    expect(Math.max(...pages.map(({ page_locations }) => page_locations.length))).toBeGreaterThan(10);
  });

  it('ends a group before it grows beyond 100 rows or 16 MB, whatever comes first', () => {
    const sizes = (count: number, bytes: number) => inParts(count, groupBounds, () => bytes).map(({ from, to }) => to - from);
    expect(sizes(250, 10)).toEqual([100, 100, 50]);
    expect(sizes(5, 6 * 1024 * 1024)).toEqual([2, 2, 1]);
    expect(sizes(2, 40 * 1024 * 1024)).toEqual([1, 1]);
  });
});
