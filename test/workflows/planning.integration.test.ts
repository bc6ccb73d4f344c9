import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitPlan, startCampaign } from '../../client/start-campaign.ts';
import { Problem } from '../../schemas/problem.ts';
import { campaignWorkflowId } from '../../workflows/contract/ids.ts';
import {
  abortUpdate,
  concurrencyUpdate,
  nothingLeft,
  pauseUpdate,
  progressQuery,
  resumeUpdate,
} from '../../workflows/contract/messages.ts';
import type { campaign } from '../../workflows/campaign.ts';
import { exampleFile, until, WorkflowRig } from './world.ts';

let rig: WorkflowRig;

beforeAll(async () => {
  rig = await WorkflowRig.open();
});

afterAll(() => rig.close());

/** A campaign that is started by its file and waits for its plan. */
async function started(name: string, tasks: number) {
  const run = rig.campaign(name, tasks, 3);
  const { client } = rig.environment;
  expect(await startCampaign(client, 'test', exampleFile(name))).toBe('started');
  const handle = client.workflow.getHandle<typeof campaign>(campaignWorkflowId(name));
  await until(async () => (await handle.query(progressQuery)).state === 'planning');
  return { run, handle, planned: () => awaitPlan(client, name, { silenceMs: 20_000 }) };
}

describe('a campaign that is started by its file', () => {
  it('is planned first, and then runs what was planned', async () => {
    const { run, handle, planned } = await started('planned', 2);
    expect(await startCampaign(rig.environment.client, 'test', exampleFile('planned'))).toBe('running');
    const tasks: number[] = [];
    const following = awaitPlan(rig.environment.client, 'planned', { silenceMs: 20_000, onTasks: (count) => tasks.push(count) });
    await until(() => tasks.length > 0);
    expect(tasks[0]).toBe(7);
    rig.world.plan = { run, finished: null };
    expect(await following).toBe('planned');
    expect(await handle.result()).toMatchObject({ state: 'done', tasks: 2, counts: { done: 2 } });
    expect(await planned()).toBe('planned');
  });

  it('keeps what the operator asked for while it was planned', async () => {
    const { run, handle } = await started('patient', 1);
    await handle.executeUpdate(pauseUpdate, { args: ['not yet'] });
    await handle.executeUpdate(concurrencyUpdate, { args: [5] });
    rig.world.plan = { run, finished: null };
    await until(async () => (await handle.query(progressQuery)).tasks === 1);
    expect(await handle.query(progressQuery)).toMatchObject({ state: 'paused', started: 0, concurrency: 5 });
    await handle.executeUpdate(resumeUpdate);
    expect(await handle.result()).toMatchObject({ state: 'done', counts: { done: 1 } });
  });

  it('can be aborted while it is planned', async () => {
    const { handle } = await started('halted', 1);
    await handle.executeUpdate(abortUpdate, { args: ['wrong file'] });
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'campaign_aborted', message: 'aborted: wrong file' } });
    expect(await handle.query(progressQuery)).toMatchObject({ state: 'aborted', detail: 'wrong file' });
    expect(rig.world.prepared).toEqual([]);
  });

  it('fails with the problem that planning found', async () => {
    const { handle, planned } = await started('empty', 0);
    rig.world.plan = new Problem('bad_campaign', 'campaign empty has no task left', { hint: 'look at its inputs' });
    await expect(planned()).rejects.toMatchObject({
      code: 'bad_campaign',
      message: 'campaign empty has no task left',
      hint: 'look at its inputs',
    });
    expect(await handle.query(progressQuery)).toMatchObject({
      state: 'failed',
      detail: 'bad_campaign: campaign empty has no task left (look at its inputs)',
    });
  });

  it('counts as planned when it fails later, whatever the cause', async () => {
    const { run, handle, planned } = await started('unreleased', 1);
    rig.world.releaseFails = true;
    rig.world.plan = { run, finished: null };
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'campaign_unreleased' } });
    expect(await planned()).toBe('planned');
  });

  it('ends at once when it was started again after its end, under the same plan', async () => {
    const { run, handle, planned } = await started('over', 1);
    rig.world.plan = { run, finished: null };
    const finished = await handle.result();
    expect(await startCampaign(rig.environment.client, 'test', exampleFile('over'))).toBe('started');
    rig.world.plan = { run, finished };
    rig.world.prepared = [];
    expect(await planned()).toBe('done');
    expect(await rig.environment.client.workflow.getHandle<typeof campaign>(campaignWorkflowId('over')).result()).toEqual({
      ...finished,
      detail: nothingLeft,
    });
    expect(rig.world.prepared).toEqual([]);
  });
});
