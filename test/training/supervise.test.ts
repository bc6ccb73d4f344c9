import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JobBackend } from '../../activities/jobs/job-backend.ts';
import { lossesOf, supervise, type Watched } from '../../activities/training/supervise.ts';
import { JobNeeds, type JobSpec, type JobStatus } from '../../schemas/job.ts';
import { readFailure } from '../../activities/jobs/job-record.ts';
import { Problem } from '../../schemas/problem.ts';
import type { JobWatch } from '../../schemas/training-run.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { smallTrainer } from './small-trainer.ts';

let spec: JobSpec;
/** The output of the job, and how its state goes on: one an ask, the last one from then on. */
let output: string;
let states: JobStatus['state'][];
/** Before each look at the state. */
let onLook: (look: number) => void;
let looks: number;

beforeEach(() => {
  const folder = join(scratchFolder('supervise'), 'job');
  mkdirSync(folder);
  const needs = JobNeeds.parse({});
  const spec_sha256 = 'a'.repeat(64);
  spec = { name: 'job', kind: 'training', folder, command: ['x'], environment: {}, needs, grace_seconds: 1, image: null, spec_sha256 };
  [output, states, looks, onLook] = ['', ['running', 'completed'], 0, () => undefined];
});

const backend: JobBackend = {
  name: 'made up',
  check: async () => undefined,
  find: async () => null,
  submit: async () => ref,
  async status() {
    onLook(looks);
    const state = states[Math.min(looks, states.length - 1)] ?? 'completed';
    looks += 1;
    return { state, exit_code: state === 'failed' ? 1 : 0, detail: 'its state', restarts: 0 };
  },
  signal: async () => undefined,
  cancel: async () => undefined,
  async logs(_ref, _spec, offset, maxBytes) {
    const bytes = Buffer.from(output).subarray(offset, offset + maxBytes);
    return { text: bytes.toString(), next: offset + bytes.length };
  },
};
const ref = { name: 'job', id: '1', submitted_at: '2026-01-02T03:04:05.000Z', submission: 1 };

const line = (step: number, loss: number | null = 8 / step) => `${JSON.stringify({ step, total: 9, loss })}\n`;

function watch(change: Partial<Watched> = {}) {
  const signal = new AbortController().signal;
  return supervise({
    backend,
    trainer: smallTrainer,
    spec,
    ref,
    expected: null,
    from: null,
    pollMs: 1,
    signal,
    onWatch: () => undefined,
    ...change,
  });
}

describe('a watch over a job', () => {
  it('reads its output as it grows, whole lines only, and all of it once it has ended', async () => {
    const grown = [line(1), `${line(1)}${line(2).slice(0, 9)}`, `${line(1)}${line(2)}${line(3).trimEnd()}`];
    states = ['running', 'running', 'completed'];
    onLook = (look) => {
      output = grown[Math.min(look, 2)] ?? '';
    };
    const beats: JobWatch[] = [];
    const end = await watch({ onWatch: (beat) => beats.push(beat) });
    expect(beats.map(({ step }) => step)).toContain(1);
    expect(end).toMatchObject({ state: 'completed', problem: null, watch: { step: 3, total: 9, log_offset: output.length } });
    expect((await lossesOf(spec.folder)).map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(JSON.parse(readFileSync(join(spec.folder, 'progress.json'), 'utf8'))).toMatchObject({ step: 3, total_steps: 9 });
  });

  it('of a long output reads on in parts', async () => {
    output = Array.from({ length: 20_000 }, (_, at) => line(at + 1)).join('');
    states = ['completed'];
    expect((await watch()).watch).toMatchObject({ step: 20_000, log_offset: output.length });
    expect(await lossesOf(spec.folder)).toHaveLength(20_000);
  });

  it('goes on where an earlier one stopped; steps that are done again count once, by their last loss', async () => {
    output = line(1) + line(2);
    const first = await watch();
    output += line(2, 1) + line(3);
    [looks, states] = [0, ['completed']];
    const second = await watch({ from: first.watch });
    expect(second.watch.step).toBe(3);
    expect(await lossesOf(spec.folder)).toEqual([
      { step: 1, loss: 8 },
      { step: 2, loss: 1 },
      { step: 3, loss: 8 / 3 },
    ]);
  });

  it('says why a job failed, by the end of its output', async () => {
    output = `${line(1)}OSError: [Errno 28] No space left on device\n`;
    states = ['failed'];
    expect(await watch()).toMatchObject({
      cause: 'disk_full',
      resumable: false,
      problem: {
        code: 'job_failed',
        message: expect.stringContaining('No space left'),
        hint: expect.stringContaining('tracemill job logs job'),
      },
    });
    expect(readFailure(spec.folder, ref.submission)).toMatchObject({ cause: 'disk_full', retryable: false });
  });

  it('leaves the reason by a sign of its trainer for whoever shows the job', async () => {
    output = 'the sky fell\n';
    states = ['failed'];
    const trainer = {
      ...smallTrainer,
      failureSigns: [{ cause: 'disk_full' as const, pattern: /the sky fell/, retryable: true, detail: 'look up' }],
    };
    expect(await watch({ trainer })).toMatchObject({ resumable: true });
    expect(readFailure(spec.folder, ref.submission)).toMatchObject({ cause: 'disk_full', retryable: true });
  });

  it.each([
    ['out_of_memory', 'job_out_of_memory', false],
    ['preempted', 'job_preempted', true],
    ['timed_out', 'job_timed_out', true],
    ['node_failed', 'job_node_failed', true],
    ['lost', 'job_lost', true],
  ] as const)('that ends as %s has the code %s', async (state, code, resumable) => {
    states = [state];
    expect(await watch()).toMatchObject({ state, resumable, problem: { code } });
  });

  it('ends when it is told to, with the reason, and when the backend does not answer', async () => {
    const controller = new AbortController();
    states = ['running'];
    onLook = (look) => {
      if (look === 3) controller.abort(new Error('enough'));
    };
    await expect(watch({ signal: controller.signal })).rejects.toThrow('enough');
    onLook = () => {
      throw new Problem('job_backend_unreachable', 'no answer');
    };
    await expect(watch()).rejects.toMatchObject({ code: 'job_backend_unreachable' });
  });

  it('ends when the trainer learns other tokens than the files hold', async () => {
    const expected = { rows: 2, tokens: 20, trained_tokens: 10 };
    const counting = (trained_tokens: number) => ({
      ...smallTrainer,
      readOutput: () => ({ step: null, total: null, losses: [], counted: { ...expected, trained_tokens } }),
    });
    output = 'counted\n';
    await expect(watch({ expected, trainer: counting(12) })).rejects.toMatchObject({
      code: 'trained_tokens_differ',
      message: expect.stringMatching(/12 trained.*10 trained/),
    });
    for (const [trained, compared] of [
      [10, expected],
      [12, null],
    ] as const) {
      looks = 0;
      expect(await watch({ expected: compared, trainer: counting(trained) })).toMatchObject({ state: 'completed' });
    }
  });
});
