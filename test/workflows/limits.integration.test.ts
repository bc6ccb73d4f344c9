import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CampaignRun } from '../../schemas/campaign-run.ts';
import { campaignWorkflowId, pullRequestWorkflowId, releaseWorkflowId } from '../../workflows/contract/ids.ts';
import { abortUpdate, detailQuery } from '../../workflows/contract/messages.ts';
import { until, WorkflowRig } from './world.ts';

let rig: WorkflowRig;

beforeAll(async () => {
  rig = await WorkflowRig.open();
});

afterAll(() => rig.close());

/** With hours that are seconds. */
const within = (run: CampaignRun, rollout_seconds: number): CampaignRun => ({ ...run, timeouts: { ...run.timeouts, rollout_seconds } });

async function rolloutsOf(campaign: string) {
  const handle = rig.environment.client.workflow.getHandle(pullRequestWorkflowId(campaign, 'o__r-0'));
  return (await handle.query(detailQuery)).rollouts.map(({ stage, detail }) => ({ stage, detail }));
}

describe('the hours of a rollout', () => {
  it('end one that does not end by itself, without another attempt', async () => {
    const run = within(rig.campaign('endless', 1, 1), 2);
    rig.world.waiting = true;
    await (await rig.start(run)).result().catch(() => undefined);
    const lost = { stage: 'lost', detail: 'activity_timeout: the time limit of rollout was over (raise rollout.timeout_hours)' };
    expect(await rolloutsOf('endless')).toEqual([lost, lost]);
    expect(rig.world.attempts).toBe(2);
  });

  it('end one that fails again and again, with its reason', async () => {
    const run = within(rig.campaign('failing', 1, 1), 10);
    rig.world.failing = new Set(['o__r-0/openhands', 'o__r-0/sweagent']);
    await (await rig.start(run)).result().catch(() => undefined);
    const lost = { stage: 'lost', detail: 'engine_failed: no engine' };
    expect(await rolloutsOf('failing')).toEqual([lost, lost]);
    expect(rig.world.attempts).toBeGreaterThan(2);
  });

  it('do not run while it waits for a slot', async () => {
    const run = within(rig.campaign('queued', 3, 3), 3);
    await rig.addHost('narrow', {}, 1);
    Object.assign(rig.world, { hosts: ['narrow', 'narrow', 'narrow'], served: ['narrow'], takes: 1500 });
    expect(await (await rig.start(run)).result()).toMatchObject({ counts: { done: 3 }, totals: { done: 6, lost: 0 } });
    expect(rig.world.attempts).toBe(6);
  });
});

describe('limits', () => {
  it('are clocks that outlast a wait for a worker, and count no deaths', async () => {
    const run = rig.campaign('clocks', 1, 1);
    await (await rig.start(run)).result();
    const scheduled = await Promise.all(
      [campaignWorkflowId('clocks'), pullRequestWorkflowId('clocks', 'o__r-0'), releaseWorkflowId('clocks', 'v1')].map((id) =>
        rig.scheduled(id),
      ),
    );
    const names = scheduled.flat().map(({ name }) => name);
    const all =
      'loadPage startReleaseWorker buildRelease recordCampaignEnd recordPullRequest acquireHost prepare gate rollout verify scan decide'.split(
        ' ',
      );
    expect(new Set(names)).toEqual(new Set(all));
    expect(scheduled.flat().filter(({ toStart, toClose, attempts }) => attempts > 0 || toStart === 0 || toClose <= toStart)).toEqual([]);
    const silent = ['loadPage', 'startReleaseWorker', 'recordCampaignEnd', 'recordPullRequest', 'acquireHost'];
    expect(new Set(scheduled.flat().flatMap(({ name, heartbeat }) => (heartbeat > 0 ? [] : [name])))).toEqual(new Set(silent));
  });

  it('of removing containers are short, so that an abort waits for no dead worker', async () => {
    const run = rig.campaign('abandoned', 1, 1);
    rig.world.waiting = true;
    const handle = await rig.start({ ...run, timeouts: { ...run.timeouts, host_seconds: 3600 } });
    await until(() => rig.world.atOnce === 2);
    await handle.executeUpdate(abortUpdate, { args: ['wrong teacher'] });
    await handle.result().catch(() => undefined);
    const [cleanUp] = (await rig.scheduled(pullRequestWorkflowId('abandoned', 'o__r-0'))).filter(({ name }) => name === 'cleanUp');
    expect(cleanUp).toMatchObject({ toStart: 60, toClose: 180, attempts: 3 });
  });
});
