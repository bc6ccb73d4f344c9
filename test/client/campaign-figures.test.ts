import { describe, expect, it } from 'vitest';
import { spendingOf, workLeft } from '../../client/campaign-figures.ts';
import { type GatewayView, mergedPauses } from '../../client/gateway-view.ts';
import type { CampaignProgress } from '../../schemas/campaign-progress.ts';
import type { FunnelCounts } from '../../schemas/ledger-record.ts';
import type { GatewayPause } from '../../schemas/teacher-health.ts';

const funnel: FunnelCounts = {
  planned: 20,
  open: 14,
  gated_out: 0,
  lost: 1,
  unparsed: 0,
  dropped: 1,
  dropped_by: {},
  kept: 4,
  resolved: 3,
  unresolved: 1,
  unknown: 0,
  ambiguous: 0,
  not_judged: {},
};

const progress: CampaignProgress = {
  campaign: 'c',
  state: 'running',
  tasks: 5,
  skipped: 0,
  started: 2,
  in_flight: ['b'],
  prefetched: [],
  counts: { done: 1, gated_out: 0, failed: 0, cancelled: 0 },
  totals: { planned: 5, done: 4, lost: 1, kept: 4, resolved: 3, turns: 40, prompt_tokens: 4000, completion_tokens: 400, cost_usd: 2 },
  concurrency: 1,
  budget: { tokens: 0, cost_usd: 0 },
  pauses: [],
  detail: '',
  release: null,
};

const view: GatewayView = {
  campaign: 'c',
  running: 2,
  prompt_tokens: 5000,
  completion_tokens: 500,
  cost_usd: 2.5,
  exchanges: 50,
  reserved_tokens: 0,
  exchanges_per_minute: 7,
  budget: { tokens: 0, cost_usd: 0 },
  pauses: [],
  busy: [],
};

describe('what a campaign has cost', () => {
  it('is what the gateway counts, running rollouts included', () => {
    expect(spendingOf(progress, view)).toEqual({
      source: 'gateway',
      turns: 50,
      prompt_tokens: 5000,
      completion_tokens: 500,
      cost_usd: 2.5,
    });
  });

  it('is what ended tasks cost without a gateway, or with one that knows of less', () => {
    expect(spendingOf(progress, null)).toMatchObject({ source: 'ended_tasks', turns: 40, cost_usd: 2 });
    expect(spendingOf(progress, { ...view, prompt_tokens: 100 })).toMatchObject({ source: 'ended_tasks', cost_usd: 2 });
    expect(spendingOf(null, null)).toMatchObject({ source: 'ended_tasks', cost_usd: 0 });
  });
});

describe('what is left', () => {
  it('follows from the rollouts that are done, less what those under way have spent', () => {
    // Ten turns and $0.50 a rollout; 19 can still count, and 50 turns for $2.50 are made.
    expect(workLeft(progress, funnel, spendingOf(progress, view), 7)).toEqual({ rollouts: 14, turns: 140, cost_usd: 7, minutes: 20 });
  });

  it('counts whole rollouts where it is unknown what those under way have spent', () => {
    expect(workLeft(progress, funnel, spendingOf(progress, null), null)).toEqual({ rollouts: 14, turns: 140, cost_usd: 7, minutes: null });
  });

  it('is not known before a few rollouts are done, and how long it takes not while nothing moves', () => {
    const early = { ...progress, totals: { ...progress.totals, done: 2 } };
    expect(workLeft(early, funnel, spendingOf(early, view), 7)).toBeNull();
    expect(workLeft(progress, funnel, spendingOf(progress, view), 0)?.minutes).toBeNull();
  });

  it('is nothing in the end', () => {
    expect(workLeft(null, { ...funnel, open: 0 }, spendingOf(null, null), null)).toEqual({
      rollouts: 0,
      turns: 0,
      cost_usd: 0,
      minutes: 0,
    });
  });
});

describe('what is held back', () => {
  const pause: GatewayPause = {
    teacher: 't',
    code: 'teacher_unreachable',
    message: 'refused',
    hint: 'start it',
    since: '2026-01-01T00:00:00.000Z',
    next_try: null,
  };

  it('is named once, as the gateway sees it now', () => {
    const now = { ...pause, message: 'refused again' };
    const elsewhere = { ...pause, teacher: 'other' };
    expect(mergedPauses([pause, elsewhere], [now])).toEqual([now, elsewhere]);
  });
});
