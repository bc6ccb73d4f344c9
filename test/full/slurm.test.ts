import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJobBackend } from '../../activities/jobs/open-job-backend.ts';
import { submissionFolder } from '../../activities/jobs/run-folder.ts';
import type { JobRef } from '../../schemas/job.ts';
import { jobBackendContract } from '../jobs/contract.ts';
import { memoryGroup } from '../jobs/memory-group.ts';
import { type SlurmCluster, startSlurm } from '../jobs/slurm-cluster.ts';
import { Trainer } from '../jobs/trainer.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracemill-slurm-'));
const group = memoryGroup(`tracemill-slurm-${process.pid}`);
let cluster: SlurmCluster;

beforeAll(async () => {
  cluster = await startSlurm(join(folder, 'cluster'));
  process.env['SLURM_CONF'] = cluster.configuration;
});

afterAll(async () => {
  await cluster?.stop();
  delete process.env['SLURM_CONF'];
  group?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits until a job is in the queue again, and lets it start: by itself it waits two minutes. */
async function requeued(id: string, whileItWaits: () => void): Promise<void> {
  const pending = async () => /JobState=PENDING/.test(await cluster.ask('scontrol', 'show', 'job', id));
  await expect.poll(pending, { timeout: 180_000 }).toBe(true);
  whileItWaits();
  const released = async () => {
    await cluster.ask('scontrol', 'update', `jobid=${id}`, 'StartTime=now');
    return true;
  };
  await expect.poll(async () => await released().catch(() => false), { timeout: 60_000 }).toBe(true);
}

const settings = { type: 'slurm', partition: 'train', options: [] } as const;

jobBackendContract('Slurm', group?.enter ?? null, async () => ({
  settings: { ...settings, options: [] },
  folder,
  patienceMs: 60_000,
  shortLimit: { seconds: 60, grace: 20, patienceMs: 180_000 },
  drawnMoments: 6,
  // The warning of a scheduler that wants the machine back.
  preempt: async ({ id }) => {
    await cluster.ask('scancel', '--batch', '--signal=USR1', id);
  },
  jobsSeen: async (name) =>
    (await cluster.ask('squeue', `--name=${name}`, '--states=all', '-h', '-o', '%i')).split('\n').filter((id) => id !== '').length,
}));

describe('a job on Slurm', () => {
  const backend = openJobBackend({ ...settings, options: [] });
  let count = 0;
  const trainer = (more: ConstructorParameters<typeof Trainer>[2] = {}) => new Trainer(folder, `slurm-${process.pid}-${++count}`, more);
  const running = async (job: Trainer) => {
    const ref = await backend.submit(job.spec, 0);
    await expect.poll(() => job.step(), { timeout: 60_000 }).toBeGreaterThan(0);
    return ref;
  };
  const ends = async (ref: JobRef, job: Trainer) => {
    await expect.poll(async () => (await backend.status(ref, job.spec)).state, { timeout: 60_000 }).not.toMatch(/pending|running/);
    return await backend.status(ref, job.spec);
  };

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['its machine was taken away', async (id) => await cluster.ask('scontrol', 'requeue', id)],
    [
      'a more urgent job took all nodes',
      async () =>
        await cluster.ask('sbatch', '--partition=urgent', '--nodes=2', '--exclusive', '--wrap', 'sleep 1', `--output=${folder}/urgent.log`),
    ],
  ])('is the same one that Slurm starts again after %s', async (_what, take) => {
    const job = trainer();
    const ref = await running(job);
    await take(ref.id);
    await requeued(ref.id, () => job.forgetKilled());
    await expect.poll(() => job.starts().length, { timeout: 120_000 }).toBe(2);
    expect(await backend.submit(job.spec, 0)).toEqual(ref);
    expect(await backend.status(ref, job.spec)).toMatchObject({ state: 'running', restarts: 1 });
    job.finish();
    expect(await ends(ref, job)).toMatchObject({ state: 'completed', restarts: 1 });
    expect(job.twice()).toEqual([]);
  });

  it('is not lost while the controller is away, and can be found when sbatch had no answer', async () => {
    const job = trainer();
    const ref = await running(job);
    const other = trainer();
    await cluster.restartController(async () => {
      await expect(backend.status(ref, job.spec)).rejects.toMatchObject({ code: 'job_backend_unreachable' });
      await expect(backend.submit(other.spec, 0)).rejects.toMatchObject({ code: 'job_backend_unreachable' });
      job.finish();
    });
    expect(await ends(ref, job)).toMatchObject({ state: 'completed' });
    other.finish();
    const later = await backend.submit(other.spec, 0);
    expect(await ends(later, other)).toMatchObject({ state: 'completed' });
    expect(other.starts()).toHaveLength(1);
  });

  it('was cancelled by somebody else', async () => {
    const job = trainer();
    const ref = await running(job);
    await cluster.ask('scancel', ref.id);
    expect(await ends(ref, job)).toMatchObject({ state: 'cancelled', detail: expect.stringContaining('not by Tracemill') });
  });

  it('is cancelled while it waits, and never starts', async () => {
    const job = trainer();
    const held = openJobBackend({ ...settings, options: ['--hold'] });
    const ref = await held.submit(job.spec, 0);
    expect(await held.status(ref, job.spec)).toMatchObject({ state: 'pending' });
    await held.cancel(ref, job.spec);
    expect(await held.status(ref, job.spec)).toMatchObject({ state: 'cancelled' });
    expect(job.starts()).toEqual([]);
  });

  it('that was submitted twice runs once', async () => {
    const job = trainer();
    const ref = await running(job);
    // As by a controller that took both of two calls.
    const script = join(submissionFolder(job.spec.folder, 1), 'batch.sh');
    const twin = (await cluster.ask('sbatch', '--parsable', script)).trim();
    await expect.poll(async () => await cluster.ask('scontrol', 'show', 'job', twin), { timeout: 60_000 }).toContain('JobState=COMPLETED');
    expect(await backend.status(ref, job.spec)).toMatchObject({ state: 'running' });
    job.finish();
    expect(await ends(ref, job)).toMatchObject({ state: 'completed' });
    expect(job.starts()).toHaveLength(1);
  });

  it('runs on several nodes, each of which writes its checkpoint when asked', async () => {
    const program = `trap 'echo saved >saved-$PET_NODE_RANK; exit 0' USR1
      echo "$PET_NODE_RANK of $PET_NNODES with $PET_MASTER_ADDR:$PET_MASTER_PORT" >rank-$PET_NODE_RANK
      echo 1 >progress
      while :; do sleep 0.1 & wait $!; done`;
    const job = trainer({ needs: { nodes: 2, gpus_per_node: 1 }, program });
    const ref = await running(job);
    const text = (file: string) =>
      existsSync(join(job.spec.folder, file)) ? readFileSync(join(job.spec.folder, file), 'utf8').trim() : '';
    for (const rank of [0, 1])
      await expect.poll(() => text(`rank-${rank}`), { timeout: 30_000 }).toMatch(new RegExp(`^${rank} of 2 with \\S+:\\d+$`));
    await backend.signal(ref, job.spec, 'checkpoint');
    expect(await ends(ref, job)).toMatchObject({ state: 'preempted', exit_code: 0 });
    expect([text('saved-0'), text('saved-1')]).toEqual(['saved', 'saved']);
  });
});
