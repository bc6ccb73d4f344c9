import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../../activities/ledger/ledger.ts';
import { openLocalLedger } from '../../../activities/ledger/local/local-ledger.ts';
import type { RowQuery } from '../../../schemas/view-row.ts';
import { RowList } from '../../../web/model/rows/row-list.ts';
import { CampaignRows } from '../../../web/server/live/campaign-rows.ts';
import { decided, keyOf, planned } from '../../ledger/records.ts';

const campaign = 'demo';
let folder: string;
let ledger: Ledger;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'campaign-rows-'));
  ledger = openLocalLedger(join(folder, 'ledger.sqlite'));
});
afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

const rollout = (number: number, sample: number) => keyOf({ instance_id: `acme__parser-${number}`, sample });

/** Tasks with two rollouts each. */
async function plan(numbers: readonly number[]): Promise<void> {
  await ledger.planTasks(numbers.map((number) => planned(`acme__parser-${number}`)));
  await ledger.planRollouts(numbers.flatMap((number) => [0, 1].map((sample) => ({ key: rollout(number, sample), teacher: 't' }))));
}

const asked: Partial<RowQuery>[] = [
  {},
  { sort: 'fate' },
  { sort: 'turns', descending: true },
  { where: { fate: ['kept'] } },
  { where: { stage: ['open'] }, sort: 'resolved' },
  { text: 'parser-2' },
];

/** What a list answers, its version apart. */
function answers(list: RowList) {
  return asked.map((query) => {
    const page = list.page({ where: {}, text: '', sort: '', descending: false, after: null, limit: 100, ...query });
    return { ...page, version: '' };
  });
}

describe('rows of a campaign', () => {
  it('are, look after look, those of a first look at what the ledger has', async () => {
    const rows = new CampaignRows(ledger, campaign);
    const steps = [
      () => plan([3, 1, 2]),
      () => ledger.recordEntries([decided(rollout(1, 0), { patch: '', preset: 'strict' })]),
      () => ledger.recordEntries([decided(rollout(2, 1), { resolved: 0 })]),
      () => plan([10]),
      () => ledger.changeTask(campaign, 'acme__parser-3', { state: 'gated_out' }),
      () => ledger.changeTask(campaign, 'acme__parser-10', { state: 'failed' }),
      () => ledger.recordEntries([decided(rollout(1, 0))]),
      () => ledger.removeCampaign(campaign),
      () => plan([5]),
    ];
    const versions = new Set<string>();
    for (const step of steps) {
      await step();
      const list = await rows.list();
      versions.add(list.version);
      expect(answers(list)).toEqual(answers(await new CampaignRows(ledger, campaign).list()));
      expect(answers(list)).toEqual(answers(new RowList(list.rows, '')));
    }
    expect(versions.size).toBe(steps.length);
    expect([...rows.tasks.keys()]).toEqual(['acme__parser-5']);
  });

  it('are the same list while nothing changes', async () => {
    await plan([1, 2]);
    const rows = new CampaignRows(ledger, campaign);
    const list = await rows.list();
    await plan([1, 2]);
    expect(await rows.list()).toBe(list);
  });
});
