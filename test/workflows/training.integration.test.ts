import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTraining, trainingResult } from '../../client/training.ts';
import { Problem } from '../../schemas/problem.ts';
import type { JobEnd } from '../../schemas/training-run.ts';
import { trainingWorkflowId } from '../../workflows/contract/ids.ts';
import { trainingProgressQuery } from '../../workflows/contract/messages.ts';
import { exampleTraining, watched } from './training-world.ts';
import { until, WorkflowRig } from './world.ts';

let rig: WorkflowRig;

beforeAll(async () => {
  rig = await WorkflowRig.open();
});

afterAll(() => rig.close());

const start = async (name: string, change = {}) =>
  (await startTraining(rig.environment.client, 'test', exampleTraining(name, change))).handle;
const preempted: Partial<JobEnd> = {
  state: 'preempted',
  cause: 'preempted',
  problem: { code: 'job_preempted', message: 'job x: preempted', hint: 'tracemill job logs x' },
  resumable: true,
};
const steps = ['checkTraining', 'writeTrainingFiles', 'prepareTraining'];

describe('a training', () => {
  it('checks, writes its files, runs one job and puts the model on record', async () => {
    const world = rig.training();
    const handle = await start('happy');
    expect(await trainingResult(handle)).toMatchObject({ folder: '/jobs/x/final', unchanged: false });
    expect(world.calls).toEqual([...steps, 'submitJob 0', 'superviseJob 0', 'finishTraining']);
    expect(await handle.query(trainingProgressQuery)).toMatchObject({ stage: 'done', submissions: 1, resubmissions: {}, problem: null });
  });

  it('is joined by whoever starts it while it runs, and can be found by its name', async () => {
    const world = rig.training();
    world.waits = true;
    const { client } = rig.environment;
    const first = await startTraining(client, 'test', exampleTraining('joined'));
    await until(() => world.calls.includes('superviseJob 0'));
    const second = await startTraining(client, 'test', exampleTraining('joined'));
    expect([first.result, second.result]).toEqual(['started', 'running']);
    expect(await second.handle.query(trainingProgressQuery)).toMatchObject({
      stage: 'running',
      host: 'here',
      job: { name: 'joined-job', id: '1' },
    });
    await until(async () => {
      for await (const { workflowId } of client.workflow.list({ query: "TracemillRun = 'joined' AND TracemillStage = 'running'" })) {
        return workflowId === trainingWorkflowId('joined', 'full');
      }
      return false;
    });
    world.waits = false;
    await trainingResult(second.handle);
    expect(world.calls.filter((call) => call.startsWith('submitJob'))).toHaveLength(1);
  });

  it('that is finished on the same inputs ends at once', async () => {
    const world = rig.training();
    world.isFinished = true;
    expect(await trainingResult(await start('finished'))).toMatchObject({ unchanged: true });
    expect(world.calls).toEqual(['checkTraining', 'finishedTraining']);
  });

  it('whose inputs are wrong ends with what is wrong, before anything is written or submitted', async () => {
    const world = rig.training();
    world.wrong = new Problem('no_matching_rows', 'variants.full.rows: no row is selected', { hint: 'the release has 3 rows of go' });
    const handle = await start('wrong');
    await expect(trainingResult(handle)).rejects.toMatchObject({
      code: 'no_matching_rows',
      message: 'variants.full.rows: no row is selected',
      hint: 'the release has 3 rows of go',
    });
    expect(world.calls).toEqual(['checkTraining']);
    expect(await handle.query(trainingProgressQuery)).toMatchObject({ stage: 'failed', problem: { code: 'no_matching_rows' } });
  });
});

describe('a job of a training', () => {
  it('that was ended before its time is submitted again, and its output read on where the last watch ended', async () => {
    const world = rig.training();
    world.ends = [preempted];
    const handle = await start('preempted');
    await trainingResult(handle);
    expect(world.calls.slice(steps.length)).toEqual([
      'submitJob 0',
      'superviseJob 0',
      'submitJob 1',
      `superviseJob ${watched.log_offset}`,
      'finishTraining',
    ]);
    expect(await handle.query(trainingProgressQuery)).toMatchObject({
      submissions: 2,
      resubmissions: { preempted: 1 },
      resubmissions_left: 19,
    });
  });

  it('is not submitted again more often than the file allows, and the training says so', async () => {
    const world = rig.training();
    world.ends = [preempted, preempted];
    await expect(trainingResult(await start('bounded', { resubmissions: 1 }))).rejects.toMatchObject({
      code: 'job_preempted',
      message: expect.stringContaining('as often as the file allows'),
    });
    expect(world.calls.filter((call) => call.startsWith('submitJob'))).toEqual(['submitJob 0', 'submitJob 1']);
  });

  it('that failed by its own fault ends the training', async () => {
    const world = rig.training();
    world.ends = [
      {
        ...preempted,
        state: 'out_of_memory',
        cause: 'out_of_memory',
        problem: { code: 'job_out_of_memory', message: 'm', hint: '' },
        resumable: false,
      },
    ];
    await expect(trainingResult(await start('memory'))).rejects.toMatchObject({ code: 'job_out_of_memory' });
    expect(world.calls.at(-1)).toBe('superviseJob 0');
  });

  it('goes on from those that an earlier start saw end, which do not count against this one', async () => {
    const world = rig.training();
    world.before = 3;
    const handle = await start('again');
    await trainingResult(handle);
    expect(world.calls).toContain('submitJob 3');
    expect(await handle.query(trainingProgressQuery)).toMatchObject({ submissions: 4, resubmissions: {}, resubmissions_left: 20 });
  });

  it('is watched again after its backend did not answer, and not submitted again', async () => {
    const world = rig.training();
    world.unreachable = 2;
    await trainingResult(await start('unreachable'));
    expect(world.calls.slice(steps.length)).toEqual([
      'submitJob 0',
      'superviseJob 0',
      'superviseJob 0',
      'superviseJob 0',
      'finishTraining',
    ]);
  });

  it('is cancelled with its training, which ends when it is gone', async () => {
    const world = rig.training();
    world.waits = true;
    const handle = await start('cancelled');
    await until(() => world.calls.includes('superviseJob 0'));
    await handle.cancel();
    await expect(trainingResult(handle)).rejects.toMatchObject({ code: 'training_cancelled' });
    expect(world.cancelled).toBe(1);
    expect(world.calls.at(-1)).toBe('cancelJob');
    expect(await handle.query(trainingProgressQuery)).toMatchObject({ stage: 'cancelled' });
  });
});

describe('the time limits of a training', () => {
  it('are clocks: a watch may last for months, whatever happens to workers', async () => {
    rig.training();
    const handle = await start('clocks');
    await trainingResult(handle);
    const scheduled = await rig.scheduled(handle.workflowId);
    expect(scheduled.map(({ attempts }) => attempts)).toEqual(scheduled.map(() => 0));
    const day = 24 * 3600;
    expect(scheduled.find(({ name }) => name === 'superviseJob')).toMatchObject({ toStart: 300, heartbeat: 60, toClose: 300 + 180 * day });
    expect(scheduled.find(({ name }) => name === 'submitJob')).toMatchObject({ toStart: 300, toClose: 300 + 7 * day });
  });
});
