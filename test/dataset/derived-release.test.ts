import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { type DerivedRelease, deriveRelease } from '../../activities/dataset/derive/derive-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { openRelease } from '../../activities/dataset/open-release.ts';
import { sampleRows } from '../../activities/dataset/derive/sample-rows.ts';
import { pushRelease } from '../../activities/dataset/push/push-release.ts';
import { verifyRelease } from '../../activities/dataset/verify/verify-release.ts';
import type { DatasetRow, RowForm } from '../../schemas/dataset-row.ts';
import type { ReleasedLedgerEntry } from '../../schemas/release.ts';
import type { ReleaseProgress } from '../../schemas/release-progress.ts';
import type { ReleaseQuery } from '../../schemas/release-query.ts';
import { fillCampaign, type Workplace, workplace } from './campaign.ts';

let place: Workplace;
beforeAll(async () => {
  place = workplace();
  await fillCampaign(place, 5);
  await fillCampaign(place, 3, 'other');
  for (const name of ['demo', 'other']) await build(name, { campaigns: [name] });
  await build('python', { campaigns: ['demo'], languages: ['python'] });
}, 60_000);
afterAll(() => place.close());

const folder = (name: string) => localReleaseFolder(join(place.folder, name));
const build = (name: string, query: ReleaseQuery, form: RowForm = 'trajectory') =>
  buildRelease({ campaign: name, version: 'v1', query, form, out: folder(name), ledger: place.ledger, store: place.store });
const merge = (out: string, ...names: string[]) => mergeWith({}, out, ...names);
const mergeWith = (options: Partial<DerivedRelease>, out: string, ...names: string[]) =>
  deriveRelease(names.map(folder), { name: 'merged', version: 'v1', out: folder(out), ...options });
const rowsOf = async (name: string) => {
  const rows: DatasetRow[] = [];
  for await (const row of (await openRelease(folder(name))).rows()) rows.push(row);
  return rows;
};
const hashes = (name: string) =>
  readdirSync(join(place.folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path.slice(join(place.folder, name).length), createHash('sha256').update(readFileSync(path)).digest('hex')]);

describe('releases merged', () => {
  it('are the same files in whatever order and however often they are named, and verify', async () => {
    await merge('one', 'demo', 'other');
    await merge('two', 'other', 'demo', 'other', 'demo');
    expect(hashes('two')).toEqual(hashes('one'));
    expect(await verifyRelease(folder('one'))).toMatchObject({ damages: 0, damage: [] });
  });

  it('have rows with the same content once, by the smallest id, with a note on the ledger', async () => {
    const made = await merge('twins', 'demo', 'other');
    const twins = Object.entries(made.same_content);
    expect(twins.length).toBeGreaterThan(3);
    const release = await openRelease(folder('twins'));
    const entries = new Map((await release.ledger()).map((entry) => [entry.id, entry]));
    const ids = new Set<string>();
    for await (const row of release.rows()) ids.add(row.trajectory_id);
    for (const [id, twin] of twins) {
      expect([id > twin, ids.has(id), ids.has(twin)]).toEqual([true, false, true]);
      expect(entries.get(id)?.decisions.at(-1)).toMatchObject({
        rule: 'same_content',
        decision: 'note',
        reason: `row ${twin} has the same content`,
      });
    }
    const { manifest } = release;
    expect(manifest.not_selected).toBe(twins.length);
    expect(manifest.filters.filter(({ rule }) => rule === 'same_content')).toMatchObject([{ note: twins.length }]);
    expect(manifest.rows).toBe(ids.size);
  });

  it('keep what a merge said before, when they are merged again', async () => {
    await merge('first', 'demo', 'other');
    await merge('again', 'first');
    expect((await openRelease(folder('again'))).manifest.content_sha256).toBe((await openRelease(folder('first'))).manifest.content_sha256);
    expect(hashes('again').find(([path]) => path === '/ledger.jsonl')).toEqual(hashes('first').find(([path]) => path === '/ledger.jsonl'));
  });

  it('have a row once that two of them have', async () => {
    const made = await merge('part', 'python', 'demo');
    expect(made.same_id).toBe((await openRelease(folder('python'))).manifest.rows);
    expect(made.manifest.content_sha256).toBe((await openRelease(folder('demo'))).manifest.content_sha256);
  });

  it('say how far they are, phase by phase', async () => {
    const seen: ReleaseProgress[] = [];
    const { manifest } = await mergeWith({ onProgress: (progress) => seen.push(progress) }, 'told', 'demo', 'other');
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['comparing', 'planning', 'writing', 'finishing']);
    const { rows, shards } = { rows: manifest.rows, shards: manifest.shards.length };
    expect(seen.at(-1)).toMatchObject({ rows, written: rows, checked: rows, shards, shards_done: shards });
  });

  it('can be those that were laid out for a push', async () => {
    await pushRelease(folder('demo'), join(place.folder, 'pushed'));
    await merge('from-pushed', 'pushed');
    expect(await rowsOf('from-pushed')).toEqual(await rowsOf('demo'));
    expect(await verifyRelease(folder('from-pushed'))).toMatchObject({ damages: 0 });
  });

  it('are damaged where a ledger has another hash of a row, or a shard a row that is on no ledger', async () => {
    const broken = async (name: string, change: (entry: ReleasedLedgerEntry) => ReleasedLedgerEntry) => {
      cpSync(join(place.folder, 'demo'), join(place.folder, name), { recursive: true });
      const lines = (await (await openRelease(folder('demo'))).ledger()).map((entry) => JSON.stringify(change(entry)));
      writeFileSync(join(place.folder, name, 'ledger.jsonl'), `${lines.join('\n')}\n`);
      return await merge('x', name).catch((error: unknown) => error);
    };
    const [first] = await rowsOf('demo');
    const other = (row_sha256: string | null) => (entry: ReleasedLedgerEntry) =>
      entry.id === first?.trajectory_id ? { ...entry, row_sha256 } : entry;
    expect(await broken('hash', other('0'.repeat(64)))).toMatchObject({
      code: 'release_damaged',
      message: expect.stringContaining(`row ${first?.trajectory_id}`),
    });
    expect(await broken('surplus', other(null))).toMatchObject({ code: 'release_damaged', message: expect.stringContaining('its ledger') });
  });

  it('are refused where columns or decisions on one row differ', async () => {
    await build('messages', { campaigns: ['other'] }, 'messages');
    await expect(merge('x', 'demo', 'messages')).rejects.toMatchObject({
      code: 'release_conflict',
      message: expect.stringMatching(/columns/),
    });
    const [entry] = await (await openRelease(folder('demo'))).ledger();
    const known = entry === undefined ? null : await place.ledger.entry(entry.id);
    if (known === null) throw new Error('no entry');
    await place.ledger.recordEntries([{ ...known, turns: known.turns + 1 }], 'test');
    await build('later', { campaigns: ['demo'] });
    await expect(merge('x', 'later', 'demo')).rejects.toMatchObject({ code: 'release_conflict' });
  });
});

describe('a sample', () => {
  it('has its share of each stratum, by the seed alone, and is a release that verifies', async () => {
    const all = await (await openRelease(folder('demo'))).ledger();
    const entries = all.filter(({ row_sha256 }) => row_sha256 !== null);
    for (const by of ['cell', 'language', 'repo'] as const) {
      const ids = sampleRows(entries, { rows: 8, seed: '7', by });
      expect([ids.size, sampleRows(entries.toReversed(), { rows: 8, seed: '7', by })]).toEqual([8, ids]);
      expect(sampleRows(entries, { rows: 8, seed: '8', by })).not.toEqual(ids);
    }
    const languages = (ids: Set<string>) => entries.filter(({ id, language }) => ids.has(id) && language === 'go').length;
    const go = languages(sampleRows(entries, { rows: 1000, seed: '', by: 'cell' }));
    expect(Math.abs(languages(sampleRows(entries, { rows: 8, seed: '7', by: 'language' })) - (8 * go) / entries.length)).toBeLessThan(1);
    const sample = { rows: 8, seed: '7', by: 'cell' as const };
    await deriveRelease([folder('demo')], { name: 'demo', version: 'v1', sample, out: folder('sample') });
    expect(await verifyRelease(folder('sample'))).toMatchObject({ rows: 8, damages: 0, damage: [] });
  });
});
