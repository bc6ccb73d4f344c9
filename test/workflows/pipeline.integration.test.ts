import { join } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Campaign } from '../../schemas/campaign.ts';
import { EvaluationFile } from '../../schemas/evaluation.ts';
import type { PipelineReportInput, PipelineStart } from '../../schemas/pipeline.ts';
import { Problem } from '../../schemas/problem.ts';
import { TrainingFile } from '../../schemas/training.ts';
import { asActivityFailure } from '../../workers/activity-failure.ts';
import { pipelineWorkflowId, sharedQueue, trainingWorkflowId } from '../../workflows/contract/ids.ts';
import { pipelineProgressQuery } from '../../workflows/contract/messages.ts';
import type { PipelineActivities } from '../../workflows/contract/pipeline-activities.ts';
import type { Workflows } from '../../workflows/contract/workflows.ts';
import { startTestServer } from './temporal-server.ts';
import { until } from './world.ts';

const queue = sharedQueue('pipelines');
let environment: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
const reports: PipelineReportInput[] = [];

beforeAll(async () => {
  environment = await startTestServer();
  const { client } = environment;
  const activities: PipelineActivities = {
    async reportPipeline(input) {
      reports.push(input);
      return {
        record: { sha256: 'a'.repeat(64), size_bytes: 1, content_type: 'application/json' },
        folder: '/reports',
        steps: input.steps,
      };
    },
    async awaitEnd({ workflowId }) {
      const { status } = await client.workflow.getHandle(workflowId).describe();
      if (status.name === 'RUNNING') throw asActivityFailure(new Problem('still_running', `${workflowId} runs`));
    },
  };
  worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: queue,
    workflowBundle: await bundleWorkflowCode({ workflowsPath: join(import.meta.dirname, 'pipeline-steps.ts') }),
    activities,
  });
  running = worker.run();
});

afterAll(async () => {
  worker.shutdown();
  await running;
  await environment.teardown();
});

/** A pipeline whose steps act by their names. */
function pipelineOf(
  name: string,
  { campaign, variants = [], evaluations = [] }: { campaign?: string; variants?: string[]; evaluations?: [string, string | null][] },
  from: PipelineStart['from'] = 'campaign',
): PipelineStart {
  const file = { tasks: ['/t.jsonl'], harnesses: { openhands: {} }, modes: {}, teachers: {} };
  const model = { name: 'student', endpoint: { base_url: 'http://127.0.0.1:1/v1', model: 'student' } };
  return {
    name,
    from,
    campaign:
      campaign === undefined
        ? null
        : Campaign.parse({
            ...file,
            name: campaign,
            modes: { think: 't' },
            teachers: { t: { model: 'm', base_url: 'http://127.0.0.1:1/v1' } },
          }),
    training:
      variants.length === 0
        ? null
        : TrainingFile.parse({
            name: `${name}-t`,
            release: '/release',
            trainer: { name: 'trl' },
            variants: Object.fromEntries(variants.map((variant) => [variant, { base: 'coder' }])),
          }),
    evaluations: evaluations.map(([evaluation, variant]) => ({
      variant,
      file: EvaluationFile.parse({
        name: evaluation,
        benchmark: { name: 'tasks', data: ['/t.jsonl'] },
        model,
        harnesses: { openhands: {} },
        modes: { think: {} },
      }),
    })),
  };
}

function start(input: PipelineStart) {
  return environment.client.workflow.start<Workflows['pipeline']>('pipeline', {
    workflowId: pipelineWorkflowId(input.name),
    taskQueue: queue,
    args: [input],
  });
}

const states = (steps: PipelineReportInput['steps']) => Object.fromEntries(steps.map(({ name, state }) => [name, state]));

describe('a pipeline', () => {
  it('runs every step in its order, and says which were left as they were', async () => {
    const input = pipelineOf('whole', {
      campaign: 'unchanged-c',
      variants: ['full', 'unchanged'],
      evaluations: [
        ['e-full', 'full'],
        ['unchanged-e', null],
      ],
    });
    const { steps } = await (await start(input)).result();
    expect(states(steps)).toEqual({
      'unchanged-c': 'unchanged',
      'whole-t/full': 'done',
      'whole-t/unchanged': 'unchanged',
      'e-full': 'done',
      'unchanged-e': 'unchanged',
      whole: 'done',
    });
    const begun = steps.map(({ started_at }) => started_at ?? 0);
    expect(begun).toEqual(begun.toSorted((a, b) => a - b));
  });

  it('keeps only those steps from running that need what failed, reports, and ends as failed', async () => {
    const input = pipelineOf('broken', {
      variants: ['fails', 'fine'],
      evaluations: [
        ['of-fails', 'fails'],
        ['of-fine', 'fine'],
        ['of-others', null],
      ],
    });
    const failure = await (await start(input)).result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect(failure).toMatchObject({
      cause: { type: 'pipeline_incomplete', message: expect.stringContaining('training broken-t/fails: step_broke') },
    });
    const { steps } = reports.find(({ start: { name } }) => name === 'broken') ?? { steps: [] };
    expect(states(steps)).toMatchObject({
      'broken-t/fails': 'failed',
      'broken-t/fine': 'done',
      'of-fails': 'not_run',
      'of-fine': 'done',
      'of-others': 'done',
    });
    expect(steps[0]?.problem).toEqual({ code: 'step_broke', message: 'training/broken-t/fails broke', hint: 'look at it' });
  });

  it('trains nothing after a campaign that failed', async () => {
    const input = pipelineOf('early', { campaign: 'c-fails', variants: ['full'], evaluations: [['e', 'full']] });
    await expect((await start(input)).result()).rejects.toMatchObject({ cause: { type: 'pipeline_incomplete' } });
    const { steps } = reports.find(({ start: { name } }) => name === 'early') ?? { steps: [] };
    expect(states(steps)).toMatchObject({ 'c-fails': 'failed', 'early-t/full': 'not_run', e: 'not_run' });
  });

  it('begins at a later stage', async () => {
    const input = pipelineOf('late', { campaign: 'c-fails', variants: ['fails'], evaluations: [['e-late', 'fails']] }, 'evaluation');
    const { steps } = await (await start(input)).result();
    expect(states(steps)).toMatchObject({ 'c-fails': 'left_out', 'late-t/fails': 'left_out', 'e-late': 'done' });
  });

  it('waits for a step that somebody started already instead of starting it twice', async () => {
    const input = pipelineOf('second', { variants: ['short'] });
    const id = trainingWorkflowId('second-t', 'short');
    const { training } = input;
    if (training === null) throw new Error('no training');
    await environment.client.workflow.start<Workflows['training']>('training', {
      workflowId: id,
      taskQueue: queue,
      args: [{ file: training, variant: 'short' }],
    });
    const { steps } = await (await start(input)).result();
    expect(states(steps)['second-t/short']).toBe('done');
    const runs = [];
    for await (const { status } of environment.client.workflow.list({ query: `WorkflowId = '${id}'` })) runs.push(status.name);
    expect(runs).toEqual(['COMPLETED', 'COMPLETED']);
  });

  it('cancels the step that runs with it', async () => {
    const handle = await start(pipelineOf('cancelled', { variants: ['slow'] }));
    await until(async () => (await handle.query(pipelineProgressQuery)).steps[0]?.state === 'running');
    const step = environment.client.workflow.getHandle(trainingWorkflowId('cancelled-t', 'slow'));
    await until(async () => (await step.describe().catch(() => undefined))?.status.name === 'RUNNING');
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect((await step.describe()).status.name).toBe('CANCELLED');
  });
});
