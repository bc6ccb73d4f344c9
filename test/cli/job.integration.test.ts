import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { writeFailure, writeProgress } from '../../activities/jobs/job-record.ts';
import type { JobBackend } from '../../activities/jobs/job-backend.ts';
import { openJobBackend } from '../../activities/jobs/open-job-backend.ts';
import { projectRoot } from '../../platform/home.ts';
import type { JobRef } from '../../schemas/job.ts';
import { Trainer } from '../jobs/trainer.ts';

let home: string;
let backend: JobBackend;
let count = 0;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'tracemill-job-cli-'));
  backend = openJobBackend({ type: 'local' });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const launcher = join(projectRoot, 'bin', 'tracemill');
const env = () => ({ ...process.env, TRACEMILL_HOME: home, NO_COLOR: '1' });

async function tracemill(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return await new Promise((resolve) => {
    execFile(launcher, args, { env: env() }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function running(): Promise<{ job: Trainer; ref: JobRef; name: string }> {
  const job = new Trainer(join(home, 'jobs'), `train-${++count}`, { environment: { HF_TOKEN: 'hf_secret' } });
  const ref = await backend.submit(job.spec, 0);
  await expect.poll(() => job.step(), { timeout: 20_000 }).toBeGreaterThan(0);
  return { job, ref, name: job.spec.name };
}

const over = async (job: Trainer, ref: JobRef) =>
  await expect.poll(async () => (await backend.status(ref, job.spec)).state, { timeout: 20_000 }).not.toMatch(/pending|running/);

describe('tracemill job', () => {
  it('says so when there is none, and which there are when another is named', async () => {
    expect(await tracemill('job', 'list')).toMatchObject({ code: 0, stdout: 'no job was submitted from this home\n' });
    const { job, ref, name } = await running();
    expect(await tracemill('job', 'show', 'nothing')).toMatchObject({ code: 3, stderr: expect.stringContaining(name) });
    job.finish();
    await over(job, ref);
  });

  it('shows state, step, loss and checkpoint of a job that runs', async () => {
    const { job, ref, name } = await running();
    writeProgress(job.spec.folder, {
      step: 40,
      total_steps: 300,
      loss: 0.4321,
      checkpoint: '/c/step-30',
      updated_at: '2026-01-01T00:00:00Z',
    });
    const { stdout } = await tracemill('job', 'show', name);
    expect(stdout).toContain(`${name}: running (training on local)`);
    expect(stdout).toContain('step 40/300, loss 0.4321');
    expect(stdout).toContain('/c/step-30');
    expect(stdout).toContain('begins at step 0');
    expect((await tracemill('job', 'list')).stdout).toMatch(new RegExp(`^${name} +training +local +running +– +40/300 +0.4321 +1$`, 'm'));
    job.finish();
    await over(job, ref);
  });

  it('names the cause of a failure, with its lines and all submissions', async () => {
    const { job, ref, name } = await running();
    job.finish(1, 'torch.OutOfMemoryError: CUDA out of memory.');
    await over(job, ref);
    const { stdout } = await tracemill('job', 'show', name);
    expect(stdout).toMatch(/cause: out of memory.*more GPUs/);
    expect(stdout).toContain('  | torch.OutOfMemoryError: CUDA out of memory.');
    // What the supervising worker found by the signs of its trainer counts more.
    writeFailure(job.spec.folder, 1, {
      cause: 'not_a_number',
      retryable: false,
      detail: 'the router collapsed',
      lines: ['router collapsed'],
    });
    expect((await tracemill('job', 'show', name)).stdout).toContain('cause: not a number: the router collapsed');
    job.remove('finish');
    await backend.submit(job.spec, 1);
    await expect.poll(() => job.starts().length, { timeout: 20_000 }).toBe(2);
    job.finish();
    const watched = await tracemill('job', 'show', name, '--watch', '--json');
    const shape = z.object({
      status: z.object({ state: z.string() }),
      submissions: z.array(z.object({ status: z.object({ state: z.string() }) })),
    });
    const report = shape.parse(JSON.parse(watched.stdout));
    expect(watched.code).toBe(0);
    expect(report.submissions.map(({ status }) => status.state)).toEqual(['failed', 'completed']);
    expect(watched.stdout + stdout).not.toContain('hf_secret');
  });

  it('follows the output of a job until it ends', async () => {
    const { job, name } = await running();
    const child = spawn(launcher, ['job', 'logs', name, '--follow'], { env: env(), stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    await expect.poll(() => text, { timeout: 20_000 }).toContain('begins at step 0');
    job.finish(0, 'the last word');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(text.trim()).toBe(job.output());
    expect(text).toContain('the last word');
  });

  it('asks for a checkpoint, and cancels', async () => {
    const first = await running();
    expect(await tracemill('job', 'checkpoint', first.name)).toMatchObject({ code: 0 });
    await over(first.job, first.ref);
    expect((await backend.status(first.ref, first.job.spec)).state).toBe('preempted');
    expect(await tracemill('job', 'checkpoint', first.name)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('has ended: preempted'),
    });
    const second = await running();
    expect(await tracemill('job', 'cancel', second.name)).toMatchObject({ code: 0, stdout: expect.stringContaining('cancelled') });
    expect(second.job.checkpoint()).toBeGreaterThan(0);
  });

  it('lists the others when one folder was changed by hand', async () => {
    mkdirSync(join(home, 'jobs', 'broken'), { recursive: true });
    writeFileSync(join(home, 'jobs', 'broken', 'job.json'), '{"format": 2}');
    const { code, stdout, stderr } = await tracemill('job', 'list');
    expect(code).toBe(0);
    expect(stdout).toContain('train-1');
    expect(stderr).toContain('broken');
    expect((await tracemill('job', 'show', 'broken')).code).toBe(2);
  });
});
