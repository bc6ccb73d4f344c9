import { join } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endedPullRequests } from '../../activities/campaign/ended-pull-requests.ts';
import type { CampaignProgress, CampaignRun } from '../../schemas/run.ts';
import { campaignWorkflowId, hostQueue, pullRequestWorkflowId, sharedQueue } from '../../workflows/ids.ts';
import { abortUpdate, concurrencyUpdate, detailQuery, pauseUpdate, progressQuery, resumeUpdate } from '../../workflows/messages.ts';
import { startTestServer } from './temporal-server.ts';

const ref = { sha256: 'a'.repeat(64), size_bytes: 1, content_type: 'application/json' };
const usage = { prompt_tokens: 100, completion_tokens: 10 };
const cells: CampaignRun['cells'] = [
  { harness: 'openhands', mode: 'think', teacher: 't', sample: 0 },
  { harness: 'sweagent', mode: 'think', teacher: 't', sample: 0 },
];

/** What the activities of this test do: which rollouts fail or wait, and a record of what was asked. */
interface World {
  tasks: number;
  gatedOut: Set<string>;
  losing: Set<string>;
  waiting: boolean;
  done: string[];
  cleaned: string[];
  atOnce: number;
  most: number;
}

const world: World = { tasks: 0, gatedOut: new Set(), losing: new Set(), waiting: false, done: [], cleaned: [], atOnce: 0, most: 0 };

const short = {
  loadPage: async ({ offset, limit }: { offset: number; limit: number }) =>
    Array.from({ length: Math.min(limit, world.tasks - offset) }, (_, i) => ({
      instance_id: `o__r-${offset + i}`,
      repo: 'o/r',
      language: 'go',
      license: 'MIT',
      task: ref,
    })),
  acquireHost: async () => ({ host: 'here' }),
  reconcile: async (asked: { campaign: string; instance_ids: string[]; cells: number }) => endedPullRequests(environment.client, asked),
  recordGatedOut: async () => undefined,
  recordLost: async () => undefined,
  recordPullRequest: async () => undefined,
  recordCampaignEnd: async () => undefined,
  judge: async () => ({ kept: true, resolved: 1, git_hack_attempted: false, reason: 'kept' }),
  buildRelease: async ({ version }: { version: string }) => ({
    version,
    rows: world.done.length,
    manifest_sha256: ref.sha256,
    folder: 'x',
  }),
};

const onHost = {
  prepare: async () => ({ image_id: 'sha256:1' }),
  gate: async () => ({ passed: !world.gatedOut.has(taskOf()), reason: 'gold fails', record: ref }),
  rollout: async ({ cell }: { cell: CampaignRun['cells'][number] }) => {
    const id = `${taskOf()}/${cell.harness}`;
    world.atOnce += 1;
    world.most = Math.max(world.most, world.atOnce);
    try {
      if (world.losing.has(id)) throw ApplicationFailure.nonRetryable('the disk is full', 'disk_full');
      while (world.waiting) {
        Context.current().heartbeat();
        await Context.current().sleep(50);
      }
      world.done.push(id);
      return { trajectory: ref, ending: 'finished', turns: 3, usage, cost_usd: 0.5, empty_patch: false };
    } finally {
      world.atOnce -= 1;
    }
  },
  verify: async () => ({ verdict: ref, resolved: 1, reason: 'tests' }),
  cleanUp: async () => {
    world.cleaned.push(taskOf());
  },
};

function taskOf(): string {
  return Context.current().info.workflowExecution?.workflowId.split('/').at(-1) ?? '';
}

let environment: TestWorkflowEnvironment;
let workers: Worker[];
let running: Promise<unknown>;

beforeAll(async () => {
  environment = await startTestServer();
  const common = { connection: environment.nativeConnection, namespace: environment.namespace ?? 'default' };
  workers = [
    await Worker.create({
      ...common,
      taskQueue: sharedQueue,
      workflowsPath: join(import.meta.dirname, '..', '..', 'workflows', 'index.ts'),
      activities: short,
    }),
    await Worker.create({ ...common, taskQueue: hostQueue('here'), activities: onHost, maxHeartbeatThrottleInterval: 100 }),
  ];
  running = Promise.all(workers.map((worker) => worker.run()));
});

afterAll(async () => {
  for (const worker of workers) worker.shutdown();
  await running;
  await environment.teardown();
});

function campaignOf(name: string, tasks: number, concurrency: number): CampaignRun {
  Object.assign(world, { tasks, gatedOut: new Set(), losing: new Set(), waiting: false, done: [], cleaned: [], atOnce: 0, most: 0 });
  return {
    campaign: name,
    plan: ref,
    tasks,
    skipped: 0,
    cells,
    timeouts: { rollout_seconds: 60, verification_seconds: 60, heartbeat_seconds: 2 },
    concurrency,
    release: 'v1',
  };
}

function start(run: CampaignRun) {
  return environment.client.workflow.start<(run: CampaignRun) => Promise<CampaignProgress>>('campaign', {
    workflowId: campaignWorkflowId(run.campaign),
    taskQueue: sharedQueue,
    args: [run],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a campaign', () => {
  it('runs every cell of every task once, continuing as new, and builds the release at its end', async () => {
    const run = campaignOf('long', 160, 25);
    const handle = await start(run);
    const result = await handle.result();
    expect(result).toMatchObject({
      state: 'done',
      started: 160,
      counts: { done: 160, gated_out: 0, failed: 0, cancelled: 0 },
      totals: { planned: 320, done: 320, lost: 0, kept: 320, prompt_tokens: 32_000, cost_usd: 160 },
      release: { version: 'v1', rows: 320 },
    });
    expect(new Set(world.done).size).toBe(320);
    expect(world.most).toBeLessThanOrEqual(25 * cells.length);
    const first = await environment.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId).describe();
    expect(first.status.name).toBe('CONTINUED_AS_NEW');
  });

  it('spends no rollout on a task that fails the gate', async () => {
    const run = campaignOf('gated', 3, 3);
    world.gatedOut.add('o__r-1');
    const result = await (await start(run)).result();
    expect(result).toMatchObject({ counts: { done: 2, gated_out: 1 }, totals: { planned: 6, done: 4 } });
    expect(world.done.some((id) => id.startsWith('o__r-1/'))).toBe(false);
  });

  it('ends as failed when rollouts were lost, and the next start repeats only their pull request', async () => {
    const run = campaignOf('lossy', 3, 3);
    world.losing.add('o__r-2/sweagent');
    const failure = await (await start(run)).result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    world.losing.clear();
    world.done = [];
    const again = await (await start(run)).result();
    expect(world.done.sort()).toEqual(['o__r-2/openhands', 'o__r-2/sweagent']);
    expect(again).toMatchObject({ counts: { done: 3, failed: 0 } });
  });

  it('holds on pause, goes on after resume, and follows a changed concurrency', async () => {
    const run = campaignOf('paused', 6, 2);
    world.waiting = true;
    const handle = await start(run);
    await until(() => world.atOnce === 4);
    expect(await handle.executeUpdate(pauseUpdate, { args: ['night'] })).toMatchObject({ applied: true });
    expect((await handle.query(progressQuery)).state).toBe('paused');
    await expect(handle.executeUpdate(concurrencyUpdate, { args: [0] })).rejects.toThrow();
    expect(await handle.executeUpdate(concurrencyUpdate, { args: [4] })).toMatchObject({ applied: true });
    world.waiting = false;
    await until(async () => (await handle.query(progressQuery)).in_flight.length === 0);
    expect(world.done.length).toBe(4);
    await handle.executeUpdate(resumeUpdate);
    expect(await handle.result()).toMatchObject({ state: 'done', concurrency: 4, counts: { done: 6 } });
  });

  it('cancels what is in flight on abort, cleans up and builds no release', async () => {
    const run = campaignOf('aborted', 6, 2);
    world.waiting = true;
    const handle = await start(run);
    await until(() => world.atOnce === 4);
    const detail = await environment.client.workflow.getHandle(pullRequestWorkflowId('aborted', 'o__r-0')).query(detailQuery);
    expect(detail).toMatchObject({ stage: 'rollouts', host: 'here' });
    expect(detail.rollouts.map(({ stage }) => stage)).toEqual(['rollout', 'rollout']);
    await handle.executeUpdate(abortUpdate, { args: ['wrong teacher'] });
    await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
    expect(await handle.query(progressQuery)).toMatchObject({ state: 'aborted', counts: { cancelled: 2, done: 0 }, release: null });
    expect(world.cleaned.sort()).toEqual(['o__r-0', 'o__r-1']);
    expect(world.done).toEqual([]);
  });
});
