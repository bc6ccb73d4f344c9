import { WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../schemas/problem.ts';
import { pullRequestWorkflowId, sharedQueue } from '../../workflows/contract/ids.ts';
import {
  abortUpdate,
  budgetQuery,
  budgetUpdate,
  concurrencyUpdate,
  detailQuery,
  gatewayPausedSignal,
  pauseUpdate,
  progressQuery,
  resumeUpdate,
} from '../../workflows/contract/messages.ts';
import type { pullRequest } from '../../workflows/pull-request.ts';
import { cells, until, WorkflowRig } from './world.ts';

let rig: WorkflowRig;

beforeAll(async () => {
  rig = await WorkflowRig.open();
});

afterAll(() => rig.close());

describe('a campaign', () => {
  it('runs every cell of every task once, continuing as new, and builds the release at its end', async () => {
    const run = rig.campaign('long', 160, 25);
    const handle = await rig.start(run);
    const result = await handle.result();
    expect(result).toMatchObject({
      state: 'done',
      started: 160,
      counts: { done: 160, gated_out: 0, failed: 0, cancelled: 0 },
      totals: { planned: 320, done: 320, lost: 0, kept: 320, prompt_tokens: 32_000, cost_usd: 160 },
      release: { version: 'v1', rows: 320 },
    });
    expect(new Set(rig.world.done).size).toBe(320);
    expect(rig.world.most).toBeLessThanOrEqual(25 * cells.length);
    const first = await rig.environment.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId).describe();
    expect(first.status.name).toBe('CONTINUED_AS_NEW');
  });

  it('spends no rollout on a task that fails the gate', async () => {
    const run = rig.campaign('gated', 3, 3);
    rig.world.gatedOut.add('o__r-1');
    const result = await (await rig.start(run)).result();
    expect(result).toMatchObject({ counts: { done: 2, gated_out: 1 }, totals: { planned: 6, done: 4 } });
    expect(rig.world.done.some((id) => id.startsWith('o__r-1/'))).toBe(false);
  });

  it('of an evaluation runs the rollouts of a task that fails the gate, too', async () => {
    const run = rig.campaign('evaluation.gated', 2, 2);
    rig.world.gatedOut.add('o__r-1');
    const result = await (await rig.start({ ...run, purpose: 'evaluation', release: null })).result();
    expect(result).toMatchObject({ counts: { done: 2, gated_out: 0 }, totals: { planned: 4, done: 4 }, release: null });
    expect(rig.world.done).toHaveLength(4);
    expect(rig.world.releasing).toBe(0);
  });

  it('goes on without a task whose image is missing, names the problem, and waits for a registry that asks for it', async () => {
    const run = rig.campaign('imageless', 3, 3);
    const limited = new Problem('image_rate_limited', 'no more pulls for now', { retryAfterMs: 100 });
    rig.world.imageProblems
      .set('o__r-0', [new Problem('image_missing', 'o__r-0: there is no such image', { hint: 'check the name' })])
      .set('o__r-1', [limited, limited]);
    const failure = await (await rig.start(run)).result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect(rig.world.done.sort()).toEqual(['o__r-1/openhands', 'o__r-1/sweagent', 'o__r-2/openhands', 'o__r-2/sweagent']);
    const ended = await rig.environment.client.workflow
      .getHandle(pullRequestWorkflowId('imageless', 'o__r-0'))
      .result()
      .catch((error: unknown) => error);
    expect(ended).toMatchObject({
      cause: {
        details: [
          { status: 'failed', problem: { code: 'image_missing', message: 'o__r-0: there is no such image', hint: 'check the name' } },
        ],
      },
    });
  });

  it('ends as failed when rollouts were lost, and the next start repeats only their pull request', async () => {
    const run = rig.campaign('lossy', 3, 3);
    rig.world.losing.add('o__r-2/sweagent');
    const failure = await (await rig.start(run)).result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    rig.world.losing.clear();
    rig.world.done = [];
    const again = await (await rig.start(run)).result();
    expect(rig.world.done.sort()).toEqual(['o__r-2/openhands', 'o__r-2/sweagent']);
    expect(again).toMatchObject({ counts: { done: 3, failed: 0 } });
  });

  it('holds on pause, goes on after resume, and follows a changed concurrency', async () => {
    const run = rig.campaign('paused', 6, 2);
    rig.world.waiting = true;
    const handle = await rig.start(run);
    await until(() => rig.world.atOnce === 4);
    expect(await handle.executeUpdate(pauseUpdate, { args: ['night'] })).toMatchObject({ applied: true });
    expect((await handle.query(progressQuery)).state).toBe('paused');
    await expect(handle.executeUpdate(concurrencyUpdate, { args: [0] })).rejects.toThrow('Workflow Update failed');
    expect(await handle.executeUpdate(concurrencyUpdate, { args: [4] })).toMatchObject({ applied: true });
    rig.world.waiting = false;
    await until(async () => (await handle.query(progressQuery)).in_flight.length === 0);
    expect(rig.world.done.length).toBe(4);
    await handle.executeUpdate(resumeUpdate);
    expect(await handle.result()).toMatchObject({ state: 'done', concurrency: 4, counts: { done: 6 } });
  });

  it('prefetches tasks, and lets their rollouts begin only as others end', async () => {
    const run = rig.campaign('prefetch', 6, 1, 2);
    rig.world.waiting = true;
    rig.world.gatedOut.add('o__r-1');
    const handle = await rig.start(run);
    await until(() => rig.world.atOnce === 2 && rig.world.prepared.length === 4);
    const detail = (task: string) => rig.environment.client.workflow.getHandle(pullRequestWorkflowId('prefetch', task)).query(detailQuery);
    await until(async () => (await detail('o__r-3')).stage === 'ready');
    expect(await handle.query(progressQuery)).toMatchObject({
      in_flight: ['o__r-0'],
      prefetched: ['o__r-2', 'o__r-3'],
      counts: { gated_out: 1 },
    });
    expect((await detail('o__r-2')).stage).toBe('ready');
    rig.world.waiting = false;
    expect(await handle.result()).toMatchObject({ counts: { done: 5, gated_out: 1 }, totals: { done: 10 } });
    expect(rig.world.most).toBe(cells.length);
    expect(rig.world.done.map((id) => id.split('/')[0])).toEqual(
      ['o__r-0', 'o__r-2', 'o__r-3', 'o__r-4', 'o__r-5'].flatMap((id) => [id, id]),
    );
  });

  it('begins nothing while a teacher is down, but makes images ahead, and goes on by itself', async () => {
    const run = rig.campaign('teacherless', 6, 1, 2);
    rig.world.waiting = true;
    const handle = await rig.start(run);
    await until(() => rig.world.atOnce === 2);
    const pause = {
      teacher: 't',
      code: 'teacher_unreachable' as const,
      message: 'connect ECONNREFUSED',
      hint: 'start it',
      since: new Date().toISOString(),
      next_try: null,
    };
    await handle.signal(gatewayPausedSignal, { host: 'here', pauses: [pause] });
    rig.world.waiting = false;
    await until(async () => (await handle.query(progressQuery)).counts.done === 1);
    await until(() => rig.world.prepared.length === 3);
    expect(await handle.query(progressQuery)).toMatchObject({ state: 'waiting', pauses: [pause], in_flight: [], counts: { done: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(rig.world.done).toHaveLength(2);
    expect(rig.world.prepared).toHaveLength(3);
    await handle.signal(gatewayPausedSignal, { host: 'here', pauses: [] });
    expect(await handle.result()).toMatchObject({ state: 'done', counts: { done: 6 }, totals: { done: 12, turns: 36 } });
  });

  it('runs a rollout on whose teacher was down for long, with its clock at zero', async () => {
    const run = rig.campaign('outage', 1, 1);
    rig.world.pausing.add('o__r-0/openhands');
    const handle = await rig.start(run);
    await until(() => rig.world.done.length === 1);
    const report = {
      teacher: 't',
      code: 'teacher_failing' as const,
      message: '502',
      hint: '',
      since: new Date().toISOString(),
      next_try: null,
    };
    await handle.signal(gatewayPausedSignal, { host: 'here', pauses: [report] });
    const task = rig.environment.client.workflow.getHandle(pullRequestWorkflowId('outage', 'o__r-0'));
    await until(async () => (await task.query(detailQuery)).paused);
    await handle.signal(gatewayPausedSignal, { host: 'here', pauses: [] });
    expect(await handle.result()).toMatchObject({ counts: { done: 1, failed: 0 }, totals: { done: 2, lost: 0 } });
  });

  it('takes another budget, and refuses one that makes no sense', async () => {
    const run = rig.campaign('richer', 1, 1);
    rig.world.waiting = true;
    const handle = await rig.start(run);
    await until(() => rig.world.atOnce === 2);
    expect(await handle.query(budgetQuery)).toEqual({ tokens: 0, cost_usd: 10 });
    expect(await handle.executeUpdate(budgetUpdate, { args: [{ cost_usd: 20 }] })).toEqual({ applied: true, detail: '$10 → $20' });
    expect(await handle.query(budgetQuery)).toEqual({ tokens: 0, cost_usd: 20 });
    for (const bad of [{ cost_usd: -1 }, { tokens: 1.5 }]) {
      await expect(handle.executeUpdate(budgetUpdate, { args: [bad] })).rejects.toThrow('Workflow Update failed');
    }
    rig.world.waiting = false;
    expect(await handle.result()).toMatchObject({ budget: { tokens: 0, cost_usd: 20 } });
  });

  it('cancels what is in flight on abort, cleans up and builds no release', async () => {
    const run = rig.campaign('aborted', 6, 2);
    rig.world.waiting = true;
    const handle = await rig.start(run);
    await until(() => rig.world.atOnce === 4);
    const detail = await rig.environment.client.workflow.getHandle(pullRequestWorkflowId('aborted', 'o__r-0')).query(detailQuery);
    expect(detail).toMatchObject({ stage: 'rollouts', host: 'here' });
    expect(detail.rollouts.map(({ stage }) => stage)).toEqual(['rollout', 'rollout']);
    await handle.executeUpdate(abortUpdate, { args: ['wrong teacher'] });
    await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
    expect(await handle.query(progressQuery)).toMatchObject({ state: 'aborted', counts: { cancelled: 2, done: 0 }, release: null });
    expect(rig.world.cleaned.sort()).toEqual(['o__r-0', 'o__r-1']);
    expect(rig.world.done).toEqual([]);
  });

  it('goes on with a pull request that an earlier start left paused and waiting for its turn', async () => {
    const run = rig.campaign('taken-up', 1, 1);
    const entry = { instance_id: 'o__r-0', repo: 'o/r', language: 'go', license: 'MIT', task: run.plan } as const;
    const id = pullRequestWorkflowId('taken-up', 'o__r-0');
    const { campaign, plan, timeouts } = run;
    const left = await rig.environment.client.workflow.start<typeof pullRequest>('pullRequest', {
      workflowId: id,
      taskQueue: sharedQueue('test'),
      args: [{ campaign, plan, entry, cells, timeouts, paused: true, prefetched: true }],
    });
    expect(await left.query(detailQuery)).toMatchObject({ stage: 'queued', paused: true });
    expect(await (await rig.start(run)).result()).toMatchObject({ counts: { done: 1 }, totals: { done: 2 } });
  });

  it('keeps no pull request waiting when it is gone, and repeats it when it is started again', async () => {
    const run = rig.campaign('gone', 3, 1, 1);
    rig.world.waiting = true;
    const handle = await rig.start(run);
    const handleOf = (task: string) => rig.environment.client.workflow.getHandle(pullRequestWorkflowId('gone', task));
    await until(
      async () =>
        rig.world.atOnce === 2 &&
        (
          await handleOf('o__r-1')
            .query(detailQuery)
            .catch(() => null)
        )?.stage === 'ready',
    );
    await handle.terminate();
    const failure = await handleOf('o__r-1')
      .result()
      .catch((error: unknown) => error);
    const detail = 'it waited for its campaign, which does not run any more';
    expect(failure).toMatchObject({ cause: { type: 'pull_request_cancelled', details: [{ status: 'cancelled', detail }] } });
    expect(rig.world.cleaned).toEqual(['o__r-1']);
    rig.world.waiting = false;
    expect(await (await rig.start(run)).result()).toMatchObject({ counts: { done: 3 }, totals: { done: 6 } });
    expect(new Set(rig.world.done).size).toBe(6);
  });

  it('keeps none waiting that was paused when it went, and leaves alone those whose campaign is only paused', async () => {
    const run = rig.campaign('gone-paused', 1, 1);
    const notNow = new Problem('image_rate_limited', 'not now', { retryAfterMs: 200 });
    rig.world.imageProblems.set(
      'o__r-0',
      Array.from({ length: 500 }, () => notNow),
    );
    const handle = await rig.start(run);
    const id = pullRequestWorkflowId('gone-paused', 'o__r-0');
    const left = rig.environment.client.workflow.getHandle(id);
    const stage = () => left.query(detailQuery).then((detail) => detail.stage, String);
    await until(async () => (await stage()) === 'preparation');
    await handle.executeUpdate(pauseUpdate, { args: ['night'] });
    // Its image is there only once it is paused.
    await until(async () => (await left.query(detailQuery)).paused);
    rig.world.imageProblems.set('o__r-0', []);
    const asked = async () => (await rig.scheduled(id)).filter(({ name }) => name === 'isCampaignRunning').length;
    await until(async () => (await asked()) >= 2);
    expect((await left.describe()).status.name).toBe('RUNNING');
    expect(await left.query(detailQuery)).toMatchObject({ stage: 'ready', paused: true });
    await handle.terminate();
    await expect(left.result()).rejects.toMatchObject({ cause: { type: 'pull_request_cancelled' } });
    expect(rig.world.done).toEqual([]);
  });

  it('moves to another host when nobody works on the one it was given, also in the middle', async () => {
    const run = rig.campaign('moved', 2, 1);
    await rig.addHost('brief');
    rig.world.hosts = ['gone', 'here', 'brief'];
    const result = await (await rig.start(run)).result();
    expect(result).toMatchObject({ counts: { done: 2 }, totals: { done: 4, lost: 0 } });
    expect(rig.world.done.sort()).toEqual(['o__r-0/openhands', 'o__r-0/sweagent', 'o__r-1/openhands', 'o__r-1/sweagent']);
    const moved = await rig.environment.client.workflow.getHandle(pullRequestWorkflowId('moved', 'o__r-1')).query(detailQuery);
    expect(moved).toMatchObject({ host: 'here', stage: 'done' });
  });

  it('verifies a finished rollout elsewhere when its host is lost, and pays no token twice', async () => {
    const run = rig.campaign('verified-elsewhere', 1, 1);
    await rig.addHost('leaving');
    rig.world.hosts = ['leaving'];
    rig.world.leaving = { host: 'leaving', after: cells.length };
    expect(await (await rig.start(run)).result()).toMatchObject({
      counts: { done: 1 },
      totals: { done: 2, lost: 0, resolved: 2, prompt_tokens: 200, cost_usd: 1 },
    });
    expect(rig.world.done.sort()).toEqual(['o__r-0/openhands', 'o__r-0/sweagent']);
  });

  it('leaves a row unverified when its tests cannot be run, and repeats a rollout whose worker died', async () => {
    const run = rig.campaign('trouble', 1, 1);
    rig.world.stumbling.add('o__r-0/openhands');
    rig.world.unverifiable.add('o__r-0/sweagent');
    const result = await (await rig.start(run)).result();
    expect(result).toMatchObject({ counts: { done: 1 }, totals: { done: 2, lost: 0, resolved: 1 } });
  });
});
