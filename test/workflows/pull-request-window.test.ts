import { describe, expect, it } from 'vitest';
import type { CampaignRun } from '../../schemas/campaign-run.ts';
import type { PlannedTask } from '../../schemas/campaign-plan.ts';
import type { PullRequestOutcome } from '../../schemas/pull-request.ts';
import { CampaignState, noTotals, type Standing, type StandingChange } from '../../workflows/campaign-state.ts';
import { type PullRequests, PullRequestWindow } from '../../workflows/pull-request-window.ts';

const plan = { sha256: '0'.repeat(64), size_bytes: 1, content_type: 'application/json' };
const run: CampaignRun = {
  campaign: 'c',
  plan,
  tasks: 5,
  skipped: 0,
  cells: [{ harness: 'openhands', mode: 'think', teacher: 't', sample: 0 }],
  timeouts: { rollout_seconds: 60, verification_seconds: 60, heartbeat_seconds: 5, host_seconds: 60, campaign_seconds: 60 },
  concurrency: 1,
  prefetch: 4,
  budget: { tokens: 0, cost_usd: 0 },
  release: null,
};

const entryOf = (instance_id: string): PlannedTask => ({ instance_id, repo: 'o/r', language: 'go', license: 'MIT', task: plan });
const done = (instance_id: string): PullRequestOutcome => ({ instance_id, status: 'done', detail: '', totals: noTotals });

/** A server that starts pull requests when a test lets it, and may lose messages. */
class Server implements PullRequests {
  readonly there = new Map<string, Standing>();
  readonly sent: string[] = [];
  /** Resolves when a pull request should be there. */
  starting: Promise<void> = Promise.resolve();
  /** Resolves when a message should arrive. */
  delivering: Promise<void> = Promise.resolve();
  losing = false;
  outcomes: PullRequestOutcome[] = [];

  async start({ instance_id }: PlannedTask, standing: Standing): Promise<'started' | 'running'> {
    await this.starting;
    if (this.there.has(instance_id)) return 'running';
    this.there.set(instance_id, standing);
    return 'started';
  }

  async send(id: string, change: StandingChange): Promise<boolean> {
    this.sent.push(`${id} ${change.message}`);
    const standing = this.there.get(id);
    if (this.losing || standing === undefined) return false;
    await this.delivering;
    this.there.set(id, change.message === 'setPaused' ? { ...standing, paused: change.paused } : { ...standing, prefetched: false });
    return true;
  }

  async cancel(): Promise<void> {}

  async ended(): Promise<PullRequestOutcome[]> {
    return this.outcomes;
  }
}

function open(carried: Partial<CampaignRun> = {}, server = new Server()) {
  const state = new CampaignState({ ...run, ...carried });
  return { state, server, window: new PullRequestWindow(state, server) };
}

describe('what pull requests are sent', () => {
  it('reaches one whose turn came while the server was still starting it', async () => {
    const { server, window } = open();
    await window.start(entryOf('a'));
    const start = Promise.withResolvers<void>();
    server.starting = start.promise;
    const starting = window.start(entryOf('b'));
    await window.end(done('a'));
    await window.pause('night');
    start.resolve();
    await starting;
    expect(server.there.get('b')).toEqual({ paused: true, prefetched: false });
  });

  it('is sent again at the next reconciliation when it was lost, and not once it has arrived', async () => {
    const { server, window } = open();
    for (const id of ['a', 'b', 'c']) await window.start(entryOf(id));
    server.losing = true;
    await window.pause('night');
    await window.resume();
    await window.end(done('a'));
    await window.pause('again');
    server.losing = false;
    await window.reconcile();
    expect([...server.there].slice(1)).toEqual([
      ['b', { paused: true, prefetched: false }],
      ['c', { paused: true, prefetched: true }],
    ]);
    server.sent.length = 0;
    await window.reconcile();
    expect(server.sent).toEqual([]);
  });

  it('is the last change, when the operator is faster than the server', async () => {
    const { server, window } = open();
    await window.start(entryOf('a'));
    const delivery = Promise.withResolvers<void>();
    server.delivering = delivery.promise;
    const pausing = window.pause('oh');
    await window.resume();
    delivery.resolve();
    await pausing;
    expect(server.there.get('a')).toEqual({ paused: false, prefetched: false });
  });

  it('is everything for one that runs since an earlier start', async () => {
    const { server, window } = open();
    server.there.set('a', { paused: true, prefetched: true });
    await window.start(entryOf('a'));
    expect(server.there.get('a')).toEqual({ paused: false, prefetched: false });
  });

  it('is not forgotten when the campaign continues as new', async () => {
    const { state, server, window } = open();
    for (const id of ['a', 'b']) await window.start(entryOf(id));
    server.losing = true;
    await window.end(done('a'));
    server.losing = false;
    const next = open({ carry: state.carry() }, server);
    await next.window.reconcile();
    expect(server.there.get('b')).toEqual({ paused: false, prefetched: false });
    server.sent.length = 0;
    await open({ carry: next.state.carry() }, server).window.reconcile();
    expect(server.sent).toEqual([]);
  });

  it('goes to none that has ended', async () => {
    const { state, server, window } = open();
    for (const id of ['a', 'b']) await window.start(entryOf(id));
    server.outcomes = [done('a'), done('b')];
    await window.reconcile();
    await window.pause('night');
    expect(server.sent).toEqual([]);
    expect(state.progress()).toMatchObject({ counts: { done: 2 }, in_flight: [], prefetched: [] });
  });
});
