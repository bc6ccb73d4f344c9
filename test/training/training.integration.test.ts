import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { getJson } from '../../activities/artifacts/store.ts';
import { cancelTraining, knownTrainings, trainingStatus } from '../../client/training-status.ts';
import { startTraining, trainingResult } from '../../client/training.ts';
import { CheckpointRecord, TrainingFile } from '../../schemas/training.ts';
import type { TrainingResult } from '../../schemas/training-run.ts';
import { fillCampaign, type Workplace, workplace } from '../dataset/campaign.ts';
import { startTestServer } from '../workflows/temporal-server.ts';
import { until } from '../workflows/world.ts';
import type { z } from 'zod';
import type { WorkerOrders } from './training-worker.ts';

let environment: TestWorkflowEnvironment;
let place: Workplace;
let workers: ChildProcess[] = [];

beforeAll(async () => {
  environment = await startTestServer();
  place = workplace();
  await fillCampaign(place, 4);
  await buildRelease({
    campaign: 'demo',
    version: 'v1',
    out: localReleaseFolder(join(place.folder, 'release')),
    ledger: place.ledger,
    store: place.store,
  });
});

afterEach(async () => {
  await Promise.all(workers.map(kill));
  workers = [];
});

afterAll(async () => {
  await place.close();
  await environment.teardown();
});

/** A process with the real workflows and activities, which can be killed. */
async function startWorker(dies: z.infer<typeof WorkerOrders>['dies'] = 'never'): Promise<ChildProcess> {
  const orders: z.infer<typeof WorkerOrders> = { address: environment.address, folder: place.folder, dies };
  const program = join(import.meta.dirname, 'training-worker.ts');
  const worker = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  workers.push(worker);
  await once(worker.stdout, 'data');
  return worker;
}

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  worker.kill('SIGKILL');
  await once(worker, 'exit');
}

async function start(name: string, settings: Record<string, unknown> = {}, change: Partial<z.input<typeof TrainingFile>> = {}) {
  const file = TrainingFile.parse({
    name,
    release: join(place.folder, 'release'),
    variants: { full: { base: 'coder' } },
    trainer: { name: 'small', settings },
    ...change,
  });
  return (await startTraining(environment.client, 'test', { file, variant: 'full' })).handle;
}

const statusOf = (training: string) => trainingStatus(environment.client, { training, variant: 'full' });

/** The run folder of a training, once it is there. */
function folderOf(name: string): string {
  const found = existsSync(join(place.folder, 'jobs'))
    ? readdirSync(join(place.folder, 'jobs')).filter((run) => run.startsWith(`${name}-full-`))
    : [];
  return join(place.folder, 'jobs', found[0] ?? 'none');
}

function lines(name: string, file: string): string[] {
  const path = join(folderOf(name), file);
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

const stepOf = async (name: string) => (await statusOf(name)).watch?.step ?? 0;

/** Its record says that it went from the first step to the last, and nothing ran beside it. */
async function expectWhole(
  name: string,
  result: TrainingResult,
  { starts, steps }: { starts: number; steps: number },
): Promise<CheckpointRecord> {
  expect(lines(name, 'starts')).toHaveLength(starts);
  expect(lines(name, 'twice')).toEqual([]);
  const record = await getJson(place.store, result.record, CheckpointRecord);
  expect(record.losses.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, at) => at + 1));
  expect((await place.ledger.run('training', `${name}/full`))?.record).toEqual(result.record);
  return record;
}

describe('a training on this machine', () => {
  it('leaves a checkpoint record that says how the student came about, and does nothing when it is started again', async () => {
    await startWorker();
    const result = await trainingResult(await start('whole', { steps: 12 }));
    const record = await expectWhole('whole', result, { starts: 1, steps: 12 });
    expect(record).toMatchObject({
      base: 'coder',
      trainer: { name: 'small', version: '1' },
      job: { submissions: 1 },
      metrics: { steps: 12, first_loss: 8 },
    });
    expect(record.files.rows).toBeGreaterThan(0);
    expect(record.files.trained_tokens).toBeLessThan(record.files.tokens);
    const curve = result.curve === null ? '' : (await place.store.get(result.curve)).toString();
    expect(curve).toContain('12 values, from 8 at step 1');
    expect(await trainingResult(await start('whole', { steps: 12 }))).toEqual({ ...result, unchanged: true });
    expect(lines('whole', 'starts')).toHaveLength(1);
    expect(await knownTrainings(environment.client, 'test', 'whole')).toEqual([{ training: 'whole', variant: 'full' }]);
  });

  it('is another job when an input has changed', async () => {
    await startWorker();
    await trainingResult(await start('changed', { steps: 2 }));
    expect(await trainingResult(await start('changed', { steps: 3 }))).toMatchObject({ unchanged: false });
    expect(readdirSync(join(place.folder, 'jobs')).filter((run) => run.startsWith('changed-full-'))).toHaveLength(2);
    expect(await place.ledger.runHistory('training', 'changed/full')).toHaveLength(2);
  });

  it.each(['before_submit', 'after_submit'] as const)('runs one job when its worker dies %s', async (dies) => {
    const name = dies.replace('_', '-');
    const worker = await startWorker(dies);
    const handle = await start(name, { steps: 10 });
    await once(worker, 'exit');
    await startWorker();
    const record = await expectWhole(name, await trainingResult(handle), { starts: 1, steps: 10 });
    expect(record.job.submissions).toBe(1);
  });

  it('goes on while no worker watches it, and the next one reads what was missed', async () => {
    const worker = await startWorker();
    const handle = await start('unwatched', { steps: 60 });
    await until(async () => (await stepOf('unwatched')) >= 3);
    await kill(worker);
    const before = lines('unwatched', 'output.log').length;
    await until(() => lines('unwatched', 'output.log').length > before + 10);
    await startWorker();
    const record = await expectWhole('unwatched', await trainingResult(handle), { starts: 1, steps: 60 });
    expect(record.job.submissions).toBe(1);
  });

  it('is submitted again from its last checkpoint when its job was killed', async () => {
    await startWorker();
    const result = await trainingResult(await start('killed', { steps: 14, dies_at: 12 }));
    const record = await expectWhole('killed', result, { starts: 2, steps: 14 });
    expect(lines('killed', 'starts')).toEqual(['0', '10']);
    expect(record.job.submissions).toBe(2);
  });

  it('writes a checkpoint at its time limit and goes on from there', async () => {
    await startWorker();
    const handle = await start('limited', { steps: 24, step_ms: 200 }, { needs: { time_limit_seconds: 6 } });
    const result = await trainingResult(handle);
    const starts = lines('limited', 'starts').map(Number);
    expect(starts.length).toBeGreaterThan(1);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect((await statusOf('limited')).progress?.resubmissions).toEqual({ time_limit: starts.length - 1 });
    const record = await expectWhole('limited', result, { starts: starts.length, steps: 24 });
    expect(record.job.submissions).toBe(starts.length);
  });

  it('that is cancelled keeps a checkpoint, leaves no process, and goes on from there when it is started again', async () => {
    await startWorker();
    const handle = await start('stopped', { steps: 60 });
    await until(async () => (await stepOf('stopped')) >= 7);
    const pid = Number(lines('stopped', 'working')[0]);
    const id = { training: 'stopped', variant: 'full' };
    await expect(cancelTraining(environment.client, 'another', id)).rejects.toMatchObject({ code: 'training_of_another_store' });
    await cancelTraining(environment.client, 'test', id);
    await expect(trainingResult(handle)).rejects.toMatchObject({ code: 'training_cancelled' });
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await statusOf('stopped')).toMatchObject({ workflow: 'cancelled' });
    const checkpoint = Math.max(...readdirSync(folderOf('stopped')).map((name) => Number(/^checkpoint-(\d+)$/.exec(name)?.[1] ?? 0)));
    expect(checkpoint).toBeGreaterThanOrEqual(7);
    await expectWhole('stopped', await trainingResult(await start('stopped', { steps: 60 })), { starts: 2, steps: 60 });
    expect(lines('stopped', 'starts')).toEqual(['0', String(checkpoint)]);
  });

  it.each([
    ['a release that is not there', { release: '/none' }, 'release_unreadable'],
    ['rows that there are not', { variants: { full: { base: 'coder', rows: { languages: ['cpp'] } } } }, 'no_matching_rows'],
    ['a need that the machine cannot meet', { needs: { gpus_per_node: 64 } }, 'job_unmet_need'],
    ['a model that is not there', { variants: { full: { base: 'coder', model: '/none' } } }, 'model_missing'],
    ['a setting that there is not', { trainer: { name: 'small', settings: { step: 1 } } }, 'bad_training'],
  ] as const)('with %s ends before anything is written', async (_what, change, code) => {
    await startWorker();
    const file = TrainingFile.parse({
      name: `refused-${code.replaceAll('_', '-')}`,
      release: join(place.folder, 'release'),
      variants: { full: { base: 'coder' } },
      trainer: { name: 'small' },
      ...change,
    });
    const { handle } = await startTraining(environment.client, 'test', { file, variant: 'full' });
    await expect(trainingResult(handle)).rejects.toMatchObject({ code });
    expect(existsSync(folderOf(file.name))).toBe(false);
  });
});
