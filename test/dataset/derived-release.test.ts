import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { deriveRelease } from '../../activities/dataset/derive-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { openRelease } from '../../activities/dataset/open-release.ts';
import { sampleRows } from '../../activities/dataset/sample-rows.ts';
import { verifyRelease } from '../../activities/dataset/verify/verify-release.ts';
import type { ReleaseQuery } from '../../schemas/release-query.ts';
import { fillCampaign, type Workplace, workplace } from './campaign.ts';

let place: Workplace;
beforeAll(async () => {
  place = workplace();
  await fillCampaign(place, 6);
  await fillCampaign(place, 3, 'other');
  for (const name of ['demo', 'other']) await build(name, { campaigns: [name] });
  await build('both', { campaigns: ['demo', 'other'] });
}, 120_000);
afterAll(() => place.close());

const folder = (name: string) => localReleaseFolder(join(place.folder, name));
const opened = (name: string) => openRelease(folder(name));
const build = (name: string, query: ReleaseQuery) =>
  buildRelease({ campaign: name, version: 'v1', query, out: folder(name), ledger: place.ledger, store: place.store });

describe('releases merged', () => {
  it('hold the rows, shards and numbers of a release that is built of all their campaigns', async () => {
    const merged = await deriveRelease([await opened('other'), await opened('demo')], {
      name: 'both',
      version: 'v1',
      out: folder('merged'),
    });
    const { manifest: built } = await opened('both');
    expect(merged.content_sha256).toBe(built.content_sha256);
    expect(merged.shards).toEqual(built.shards);
    expect([merged.rows, merged.funnel, merged.statistics]).toEqual([built.rows, built.funnel, built.statistics]);
    expect(await verifyRelease(folder('merged'))).toMatchObject({ damages: 0, damage: [] });
  });

  it('hold a row once that two of them have', async () => {
    await build('python', { campaigns: ['demo'], languages: ['python'] });
    const merged = await deriveRelease([await opened('python'), await opened('demo')], {
      name: 'demo',
      version: 'v1',
      out: folder('again'),
    });
    expect(merged.content_sha256).toBe((await opened('demo')).manifest.content_sha256);
  });

  it('are refused where they have different rows of one id', async () => {
    const demo = await opened('demo');
    const entries = await demo.ledger();
    const other = { ...demo, ledger: async () => entries.map((entry) => ({ ...entry, turns: entry.turns + 1 })) };
    const merging = deriveRelease([demo, other], { name: 'x', version: 'v1', out: folder('refused') });
    await expect(merging).rejects.toMatchObject({ code: 'release_conflict' });
  });
});

describe('a sample', () => {
  it('has its share of each cell, by the seed alone, and is a release that verifies', async () => {
    const demo = await opened('demo');
    const entries = await demo.ledger();
    const ids = sampleRows(entries, { rows: 8, seed: '7' });
    expect(sampleRows(entries.toReversed(), { rows: 8, seed: '7' })).toEqual(ids);
    expect(sampleRows(entries, { rows: 8, seed: '8' })).not.toEqual(ids);
    const manifest = await deriveRelease([demo], {
      name: 'demo',
      version: 'v1',
      ids,
      sample: { rows: 8, seed: '7' },
      out: folder('sample'),
    });
    expect([manifest.rows, manifest.statistics.length]).toEqual([8, demo.manifest.statistics.length]);
    expect(await verifyRelease(folder('sample'))).toMatchObject({ rows: 8, damages: 0, damage: [] });
  });

  it('has all rows where more are asked for', async () => {
    expect(sampleRows(await (await opened('demo')).ledger(), { rows: 1000, seed: '' }).size).toBe(19);
  });
});
