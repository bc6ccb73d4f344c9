import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { localStore } from '../../../activities/artifacts/local-store.ts';
import { openLocalLedger } from '../../../activities/ledger/local/local-ledger.ts';
import type { CampaignProgress } from '../../../schemas/campaign-progress.ts';
import { openHome } from '../../../web/server/live/home-source.ts';
import { keyOf, planned, ref } from '../../ledger/records.ts';

const folder = mkdtempSync(join(tmpdir(), 'read-ahead-'));
const everything = { where: {}, text: '', sort: '', descending: false, after: null, limit: 10 };

const ended: CampaignProgress = {
  campaign: 'ended',
  state: 'done',
  tasks: 1,
  skipped: 0,
  started: 1,
  in_flight: [],
  prefetched: [],
  counts: { done: 1, gated_out: 0, failed: 0, cancelled: 0 },
  totals: { planned: 1, done: 1, lost: 0, kept: 1, resolved: 0, turns: 2, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 },
  concurrency: 1,
  budget: { tokens: 0, cost_usd: 0 },
  pauses: [],
  detail: '',
  release: null,
};

function home() {
  const ledger = openLocalLedger(join(folder, 'ledger.sqlite'));
  const store = localStore(join(folder, 'store'));
  return { ledger, source: openHome({ ledger, store }, { journals: join(folder, 'journals'), steering: false }) };
}

async function campaign(ledger: ReturnType<typeof home>['ledger'], name: string): Promise<void> {
  await ledger.recordCampaign({ campaign: name, plan: null });
  await ledger.planTasks([planned('acme__parser-7', { campaign: name })]);
  await ledger.planRollouts([{ key: keyOf({ campaign: name }), teacher: 'scripted' }]);
}

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lists of a home', () => {
  it('are read before anybody asks, those of campaigns that go on, and read on from there', async () => {
    const { ledger, source } = home();
    const read = vi.spyOn(ledger, 'listChanges');
    await Promise.all(['ended', 'one', 'two'].map(async (name) => await campaign(ledger, name)));
    await ledger.recordCampaignEnd({ plan: ref, progress: ended });
    await source.begin();
    expect(read.mock.calls).toEqual(['one', 'two'].map((name) => [name, null]));
    const page = await source.rows('campaign.one', everything);
    expect(page?.total).toBe(1);
    expect(read.mock.calls.at(-1)?.[1]).not.toBeNull();
    source.close();
    await ledger.close();
  });

  it('are read no further when the home is closed, and a ledger that fails is told to whoever asks', async () => {
    const { ledger, source } = home();
    await campaign(ledger, 'one');
    const read = vi.spyOn(ledger, 'listChanges').mockRejectedValue(new Error('the disk is gone'));
    await source.begin();
    await expect(source.rows('campaign.one', everything)).rejects.toThrow('the disk is gone');
    source.close();
    read.mockClear();
    await source.begin();
    expect(read).not.toHaveBeenCalled();
    await ledger.close();
  });
});
