import { describe, expect, it } from 'vitest';
import type { CampaignRun } from '../../schemas/campaign-run.ts';
import type { PullRequestOutcome } from '../../schemas/pull-request.ts';
import type { GatewayPause } from '../../schemas/teacher-health.ts';
import { CampaignState, noTotals } from '../../workflows/campaign-state.ts';
import { reportLifetimeMs } from '../../workflows/held-teachers.ts';

const run: CampaignRun = {
  campaign: 'c',
  plan: { sha256: '0'.repeat(64), size_bytes: 1, content_type: 'application/json' },
  tasks: 5,
  skipped: 0,
  cells: [{ harness: 'openhands', mode: 'think', teacher: 't', sample: 0 }],
  timeouts: { rollout_seconds: 60, verification_seconds: 60, heartbeat_seconds: 5, host_seconds: 60, campaign_seconds: 60 },
  concurrency: 2,
  prefetch: 0,
  budget: { tokens: 0, cost_usd: 10 },
  release: null,
};

const outcome = (instance_id: string, status: PullRequestOutcome['status'] = 'done'): PullRequestOutcome => ({
  instance_id,
  status,
  detail: '',
  totals: { ...noTotals, planned: 1, done: 1, prompt_tokens: 10 },
});

describe('the window of a campaign', () => {
  it('lets as many pull requests begin as the concurrency allows', () => {
    const state = new CampaignState(run);
    state.begin('a');
    expect(state.mayStart).toBe(true);
    state.begin('b');
    expect(state.mayStart).toBe(false);
    state.setConcurrency(3);
    expect(state.mayStart).toBe(true);
    state.setConcurrency(1);
    state.end(outcome('a'));
    expect(state.mayStart).toBe(false);
  });

  it('prefetches others, which get their turn in order as room is left', () => {
    const state = new CampaignState({ ...run, prefetch: 2 });
    expect(['a', 'b', 'c', 'd'].map((id) => state.begin(id).prefetched)).toEqual([false, false, true, true]);
    expect(state.mayStart).toBe(false);
    expect(state.advance()).toBe(undefined);
    state.end(outcome('b'));
    // One that comes now does not overtake those that wait.
    expect(state.begin('e').prefetched).toBe(true);
    expect([state.advance(), state.advance()]).toEqual(['c', undefined]);
    state.end(outcome('d', 'gated_out'));
    expect(state.progress()).toMatchObject({ in_flight: ['a', 'c'], prefetched: ['e'] });
    state.pause('night');
    state.setConcurrency(4);
    expect(state.advance()).toBe(undefined);
    state.resume();
    expect(new CampaignState({ ...run, prefetch: 2, carry: state.carry() }).advance()).toBe('e');
  });

  it('counts an outcome once, however often it is reported', () => {
    const state = new CampaignState(run);
    state.begin('a');
    state.end(outcome('a'));
    state.end(outcome('a'));
    state.end(outcome('never begun'));
    expect(state.progress().counts).toEqual({ done: 1, gated_out: 0, failed: 0, cancelled: 0 });
    expect(state.progress().totals.prompt_tokens).toBe(10);
  });

  it('begins nothing while it is paused, and goes on where it was', () => {
    const state = new CampaignState(run);
    expect(state.pause('lunch').applied).toBe(true);
    expect(state.pause('again').applied).toBe(false);
    expect(state.mayStart).toBe(false);
    expect(state.progress()).toMatchObject({ state: 'paused', detail: 'lunch' });
    expect(state.resume().applied).toBe(true);
    expect(state.resume().applied).toBe(false);
    expect(state.mayStart).toBe(true);
  });

  it('carries everything over to the next run', () => {
    const state = new CampaignState(run);
    state.begin('a');
    state.begin('b');
    state.end(outcome('a', 'gated_out'));
    state.setConcurrency(7);
    state.pause('night');
    const next = new CampaignState({ ...run, carry: state.carry() });
    expect(next.offset).toBe(2);
    expect(next.begun).toEqual(['b']);
    expect({ ...next.progress(), detail: '' }).toEqual({ ...state.progress(), detail: '' });
  });

  it('begins nothing after an abort and says why', () => {
    const state = new CampaignState(run);
    state.begin('a');
    expect(state.abort('wrong teacher').applied).toBe(true);
    expect(state.abort('twice').applied).toBe(false);
    expect(state.mayStart).toBe(false);
    expect(state.progress()).toMatchObject({ state: 'aborting', detail: 'wrong teacher' });
    state.end(outcome('a', 'cancelled'));
    state.finish(null);
    expect(state.progress().state).toBe('aborted');
  });
});

describe('a campaign whose teacher is down', () => {
  const pause: GatewayPause = {
    teacher: 't',
    code: 'teacher_unreachable',
    message: 'connect ECONNREFUSED',
    hint: 'start it',
    since: '2026-01-01T00:00:00.000Z',
    next_try: null,
  };

  it('prefetches, but begins no rollout, until every host goes on', () => {
    const state = new CampaignState({ ...run, prefetch: 2 });
    state.begin('a');
    state.held.report({ host: 'one', pauses: [pause] }, 0);
    state.held.report({ host: 'two', pauses: [{ ...pause, since: '2026-01-01T00:00:01.000Z' }] }, 0);
    expect(state.due('a')).toEqual({ message: 'setPaused', paused: true });
    state.received('a', { message: 'setPaused', paused: true });
    expect([state.begin('b'), state.begin('c')]).toEqual([
      { paused: false, prefetched: true },
      { paused: false, prefetched: true },
    ]);
    expect(state.mayStart).toBe(false);
    expect(state.advance()).toBeUndefined();
    expect(state.progress()).toMatchObject({ state: 'waiting', pauses: [pause], in_flight: ['a'], prefetched: ['b', 'c'] });
    // What somebody paused stays paused when the hosts hold nothing back any more.
    expect(state.pause('lunch')).toMatchObject({ applied: true });
    expect(state.progress()).toMatchObject({ state: 'paused', pauses: [pause] });
    expect(state.resume()).toMatchObject({ applied: true });
    expect(state.progress().state).toBe('waiting');
    state.held.report({ host: 'one', pauses: [] }, 5);
    expect(state.mayStart).toBe(false);
    state.held.report({ host: 'two', pauses: [] }, 5);
    expect(state.due('a')).toEqual({ message: 'setPaused', paused: false });
    expect(state.advance()).toBe('b');
    expect(state.due('b')).toEqual({ message: 'startRollouts' });
    expect(state.progress()).toMatchObject({ state: 'running', pauses: [] });
  });

  it('stays paused after the teacher is back when an operator paused it', () => {
    const state = new CampaignState(run);
    state.begin('a');
    state.pause('night');
    state.held.report({ host: 'one', pauses: [pause] }, 0);
    state.received('a', { message: 'setPaused', paused: true });
    state.held.report({ host: 'one', pauses: [] }, 1);
    expect(state.due('a')).toBeUndefined();
    expect(state.mayStart).toBe(false);
    state.resume();
    expect(state.mayStart).toBe(true);
  });

  it('forgets what no worker repeats, and carries over what one does', () => {
    const state = new CampaignState(run);
    state.held.report({ host: 'one', pauses: [pause] }, 0);
    state.held.report({ host: 'two', pauses: [pause] }, 60_000);
    expect(state.held.expiry).toBe(reportLifetimeMs);
    state.held.expire(reportLifetimeMs);
    expect(state.mayStart).toBe(false);
    const next = new CampaignState({ ...run, carry: state.carry() });
    expect(next.mayStart).toBe(false);
    next.held.expire(reportLifetimeMs + 60_000);
    expect(next.mayStart).toBe(true);
    expect(next.held.expiry).toBeUndefined();
  });
});

describe('the budget of a campaign', () => {
  it('is what was planned until it is changed, and stays changed in the next run', () => {
    const state = new CampaignState(run);
    expect(state.setBudget({ cost_usd: 10 })).toEqual({ applied: false, detail: 'the budget is $10 already' });
    expect(state.setBudget({ cost_usd: 25, tokens: 1000 })).toEqual({ applied: true, detail: '$10 → $25 and 1000 tokens' });
    expect(state.setBudget({ cost_usd: 0 })).toMatchObject({ detail: '$25 and 1000 tokens → 1000 tokens' });
    expect(new CampaignState({ ...run, carry: state.carry() }).progress().budget).toEqual({ tokens: 1000, cost_usd: 0 });
  });
});
