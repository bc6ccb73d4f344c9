import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { localBackend } from '../../activities/jobs/local/local-backend.ts';
import { ownerOf, submissionFolder } from '../../activities/jobs/run-folder.ts';
import { startTime } from '../../platform/background-process.ts';
import { jobBackendContract } from './contract.ts';
import { memoryGroup } from './memory-group.ts';
import { Trainer } from './trainer.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracemill-jobs-'));
const group = memoryGroup(`tracemill-jobs-${process.pid}`);
afterAll(() => {
  group?.remove();
  rmSync(folder, { recursive: true, force: true });
});

jobBackendContract('this machine', group?.enter ?? null, async () => ({
  settings: { type: 'local' },
  folder,
  patienceMs: 20_000,
  shortLimit: { seconds: 4, grace: 3, patienceMs: 30_000 },
  drawnMoments: 1,
  // As a machine does that is shut down.
  preempt: async (ref, spec) => {
    process.kill(ownerOf(submissionFolder(spec.folder, ref.submission))?.pid ?? 0, 'SIGTERM');
  },
  jobsSeen: async () => null,
}));

describe('a job that is a process of this machine', () => {
  let count = 0;
  const trainer = () => new Trainer(folder, `local-${++count}`);
  const here = ({ spec }: Trainer, submission = 1) => submissionFolder(spec.folder, submission);
  const running = async (job: Trainer) => {
    const ref = await localBackend.submit(job.spec, 0);
    await expect.poll(() => job.step(), { timeout: 20_000 }).toBeGreaterThan(0);
    return ref;
  };
  const claimOf = (job: Trainer, submission = 1) => ({
    format: 1,
    submission,
    name: job.spec.name,
    backend: 'local',
    spec_sha256: job.spec.spec_sha256,
    claim_id: 'c',
    submitted_at: '2026-01-01T00:00:00Z',
  });

  it('is not taken for a later process with its number', async () => {
    const job = trainer();
    mkdirSync(here(job), { recursive: true });
    writeFileSync(join(here(job), 'claim.json'), JSON.stringify(claimOf(job)));
    const bystander = spawn('sleep', ['600']);
    const boot_id = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const owner = { format: 1, owner: 'x', pid: bystander.pid, started: '12', boot_id, host: hostname(), at: '2026-01-01T00:00:00Z' };
    writeFileSync(join(here(job), 'owner.json'), JSON.stringify(owner));
    const ref = await localBackend.find(job.spec);
    if (ref === null) throw new Error('the job is not found');
    expect(await localBackend.status(ref, job.spec)).toMatchObject({ state: 'lost' });
    await localBackend.signal(ref, job.spec, 'checkpoint');
    await localBackend.cancel(ref, job.spec);
    expect(startTime(bystander.pid ?? 0), 'the bystander lives').toBeDefined();
    bystander.kill();
  });

  it('failed with its machine when that was started anew', async () => {
    const job = trainer();
    const ref = await running(job);
    const path = join(here(job), 'owner.json');
    const owner = readFileSync(path, 'utf8');
    writeFileSync(path, owner.replace(/"boot_id":"[^"]*"/, '"boot_id":"an-earlier-one"'));
    expect(await localBackend.status(ref, job.spec)).toMatchObject({ state: 'node_failed' });
    writeFileSync(path, owner.replace(/"host":"[^"]*"/, '"host":"another"'));
    await expect(localBackend.status(ref, job.spec)).rejects.toMatchObject({ code: 'job_backend_unreachable' });
    writeFileSync(path, owner);
    await localBackend.cancel(ref, job.spec);
  });

  it('is started for a claim whose submitter died before its process came up', async () => {
    const job = trainer();
    mkdirSync(here(job), { recursive: true });
    writeFileSync(join(here(job), 'claim.json'), JSON.stringify(claimOf(job)));
    const found = await localBackend.find(job.spec);
    expect(found).toMatchObject({ submission: 1, submitted_at: '2026-01-01T00:00:00Z' });
    expect(await running(job)).toEqual(found);
    await localBackend.cancel({ ...claimOf(job), id: '1' }, job.spec);
    expect(job.starts()).toHaveLength(1);
  });

  it('never starts when it was cancelled before its process came up', async () => {
    const job = trainer();
    mkdirSync(here(job), { recursive: true });
    writeFileSync(join(here(job), 'claim.json'), JSON.stringify(claimOf(job)));
    const ref = { name: job.spec.name, id: '1', submission: 1, submitted_at: '' };
    await localBackend.cancel(ref, job.spec);
    await localBackend.submit(job.spec, 0);
    expect(await localBackend.status(ref, job.spec)).toMatchObject({ state: 'cancelled' });
    expect(job.starts()).toEqual([]);
  });

  it('counts as running while its program outlives the process that watched it', async () => {
    const job = trainer();
    const ref = await running(job);
    process.kill(ownerOf(here(job))?.pid ?? 0, 'SIGKILL');
    await expect.poll(async () => (await localBackend.status(ref, job.spec)).detail).toContain('was killed');
    expect(await localBackend.status(ref, job.spec)).toMatchObject({ state: 'running' });
    expect(await localBackend.submit(job.spec, 1), 'no second one beside it').toEqual(ref);
    job.finish();
    await expect.poll(async () => (await localBackend.status(ref, job.spec)).state, { timeout: 20_000 }).toBe('lost');
    expect(job.starts()).toHaveLength(1);
  });
});
