import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { diffReleases } from '../../activities/dataset/diff/diff-releases.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { diffText } from '../../cli/release-diff.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import type { ReleaseQuery } from '../../schemas/release-query.ts';
import { fillCampaign, idOf, type Workplace, workplace } from './campaign.ts';

let place: Workplace;
let before: string;

async function release(name: string, query?: ReleaseQuery): Promise<string> {
  const out = join(place.folder, name);
  await buildRelease({ campaign: 'demo', version: name, out: localReleaseFolder(out), ledger: place.ledger, store: place.store, query });
  return out;
}

const diff = (a: string, b: string) => diffReleases(localReleaseFolder(a), localReleaseFolder(b));

async function change(id: string, changed: (entry: LedgerEntry) => LedgerEntry): Promise<void> {
  const entry = await place.ledger.entry(id);
  if (entry === null) throw new Error(`no entry ${id}`);
  await place.ledger.recordEntries([changed(entry)], 'test');
}

const dropped = (entry: LedgerEntry, drops: boolean): LedgerEntry => ({
  ...entry,
  kept: !drops,
  decisions: [
    ...entry.decisions.filter(({ rule }) => rule !== 'too_long'),
    {
      rule: 'too_long',
      version: drops ? 2 : 1,
      decision: drops ? 'drop' : 'keep',
      parameters: { tokens: drops ? 10 : 99 },
      reason: drops ? '11 tokens' : '',
      evidence: [],
    },
  ],
});

beforeAll(async () => {
  place = workplace();
  await fillCampaign(place, 4);
  await change(idOf(2, 'openhands', 'think'), (entry) => dropped(entry, true));
  await change(idOf(3, 'openhands', 'think'), (entry) => dropped(entry, false));
  before = await release('v1');
  await change(idOf(2, 'openhands', 'think'), (entry) => dropped(entry, false));
  await change(idOf(3, 'openhands', 'think'), (entry) => dropped(entry, true));
  await change(idOf(2, 'sweagent', 'think'), (entry) => ({ ...entry, resolved: 1 }));
}, 60_000);
afterAll(() => place.close());

describe('the difference between two releases', () => {
  it('is nothing for a release and itself', async () => {
    const found = await diff(before, before);
    expect(found).toMatchObject({ equal: true, counts: { added: 0, removed: 0, changed: 0, unchanged: 10, decided_otherwise: 0 } });
    expect(diffText(found, 10)).toBe('equal: 10 rows');
  });

  it('names rows added, removed and changed, each with the rules behind it', async () => {
    const found = await diff(before, await release('v2'));
    expect(found.equal).toBe(false);
    expect(found.counts).toEqual({ added: 1, removed: 1, changed: 1, unchanged: 8, decided_otherwise: 0 });
    const of = (id: string) => found.rows.find((row) => row.id === id);
    expect(of(idOf(2, 'openhands', 'think'))).toMatchObject({
      change: 'added',
      before: { fate: 'dropped', dropped_by: { rule: 'too_long', version: 2, reason: '11 tokens' } },
      after: { fate: 'row', dropped_by: null },
      rules: expect.arrayContaining([
        {
          rule: 'too_long',
          before: expect.objectContaining({ decision: 'drop' }),
          after: expect.objectContaining({ decision: 'keep', parameters: { tokens: 99 } }),
        },
      ]),
    });
    expect(of(idOf(3, 'openhands', 'think'))).toMatchObject({
      change: 'removed',
      before: { fate: 'row' },
      after: { fate: 'dropped', dropped_by: { rule: 'too_long', parameters: { tokens: 10 } } },
    });
    expect(of(idOf(2, 'sweagent', 'think'))).toMatchObject({
      change: 'changed',
      columns: ['resolved'],
      before: { resolved: 0 },
      after: { resolved: 1 },
      rules: [],
    });
    expect(diffText(found, 10)).toMatch(
      /removed: 1\n {2}\S+ {2}acme__parser-3\n {4}before: a row\n {4}after: dropped by too_long v2: 11 tokens\n(?: {4}.*\n)*? {4}too_long: keep \(v1 \{"tokens":99\}\) → drop/,
    );
  });

  it('says of a row that only the query leaves out that no rule dropped it, and that the queries differ', async () => {
    const found = await diff(join(place.folder, 'v2'), await release('v3', { campaigns: ['demo'], harnesses: ['openhands'] }));
    expect(found.counts).toMatchObject({ added: 0, removed: 6, changed: 0, decided_otherwise: 0 });
    expect(new Set(found.rows.map(({ after }) => after.fate))).toEqual(new Set(['not_selected']));
    expect(found.settings).toEqual(['query']);
    expect(diffText(found, 2)).toContain('  and 4 more (--json lists all)');
  });

  it('counts decisions that differ on rows that are alike, or rows of neither', async () => {
    await change(idOf(1, 'openhands', 'think'), (entry) => dropped(entry, true));
    await change(idOf(2, 'sweagent', 'no_think'), (entry) => dropped(entry, false));
    const found = await diff(join(place.folder, 'v2'), await release('v4'));
    expect(found.rows).toEqual([]);
    expect(found.decided_otherwise).toEqual([idOf(1, 'openhands', 'think'), idOf(2, 'sweagent', 'no_think')].sort());
    expect(found.equal).toBe(false);
  });

  it('is found between the two forms of a release by its columns alone: rows are compared by value', async () => {
    const out = join(place.folder, 'messages');
    await buildRelease({
      campaign: 'demo',
      version: 'm',
      form: 'messages',
      out: localReleaseFolder(out),
      ledger: place.ledger,
      store: place.store,
    });
    const found = await diff(join(place.folder, 'v4'), out);
    expect(found.rows).toEqual([]);
    expect(found.settings).toEqual(['columns', 'form']);
  });

  it('cannot be had of a folder without a release', async () => {
    await expect(diff(before, place.folder)).rejects.toMatchObject({ code: 'release_unreadable' });
  });
});
