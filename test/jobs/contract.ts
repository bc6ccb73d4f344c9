import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { classifyFailure } from '../../activities/jobs/classify-failure.ts';
import type { JobBackend } from '../../activities/jobs/job-backend.ts';
import { openJobBackend } from '../../activities/jobs/open-job-backend.ts';
import { lastLines } from '../../activities/jobs/read-output.ts';
import { membersOf } from '../../activities/jobs/processes.ts';
import { submissionFolder } from '../../activities/jobs/run-folder.ts';
import type { JobBackendSettings, JobCause, JobRef, JobSpec, JobState } from '../../schemas/job.ts';
import { chaosSeed, randomNumbers } from '../chaos/seeded.ts';
import { Trainer } from './trainer.ts';

/** A backend as the suite needs it. */
export interface BackendUnderTest {
  settings: JobBackendSettings;
  /** Run folders are made below it. */
  folder: string;
  /** How long a job may take to start or to end, in milliseconds. */
  patienceMs: number;
  /** The shortest time limit that the backend keeps, with its grace, in seconds. */
  shortLimit: { seconds: number; grace: number; patienceMs: number };
  /** Takes a running job its machine away; the backend may start it again by itself. */
  preempt: (ref: JobRef, spec: JobSpec) => Promise<void>;
  /** At how many drawn moments workers are killed while they submit, besides the two that are the same each time. */
  drawnMoments: number;
  /** How many jobs of a name the backend itself has seen; null when it keeps no count. */
  jobsSeen: (name: string) => Promise<number | null>;
}

/**
 * What every backend promises. `enterLimit`: shell code that limits the memory of a program to 256 MiB; null when this
 * machine has no means to do that.
 */
export function jobBackendContract(name: string, enterLimit: string | null, prepare: () => Promise<BackendUnderTest>): void {
  describe(`jobs on ${name}`, () => {
    let under: BackendUnderTest;
    let backend: JobBackend;
    let count = 0;

    beforeAll(async () => {
      under = await prepare();
      backend = openJobBackend(under.settings);
    });

    const trainer = (more: ConstructorParameters<typeof Trainer>[2] = {}) =>
      new Trainer(under.folder, `job-${process.pid}-${++count}`, more);

    const until = async (what: string, holds: () => boolean | Promise<boolean>, ms = under.patienceMs, everyMs = 50): Promise<void> => {
      for (const deadline = Date.now() + ms; Date.now() < deadline; await delay(everyMs)) if (await holds()) return;
      throw new Error(`not within ${ms} ms: ${what}`);
    };
    const reaches = async (ref: JobRef, { spec }: Trainer, state: JobState, ms?: number) => {
      let last = await backend.status(ref, spec);
      const reached = async () => {
        last = await backend.status(ref, spec);
        return last.state === state;
      };
      await until(`${spec.name} ${state}`, reached, ms).catch((error: unknown) => {
        throw new Error(`${String(error)}; it is ${JSON.stringify(last)}`);
      });
      return last;
    };
    const runs = async (job: Trainer, again = 0): Promise<JobRef> => {
      const ref = await backend.submit(job.spec, again);
      await until(`${job.spec.name} works`, () => job.starts().length > again && job.step() > 0);
      return ref;
    };
    const causeOf = async (ref: JobRef, job: Trainer): Promise<JobCause | undefined> => {
      const { lines } = await lastLines(join(job.spec.folder, 'output.log'), 100);
      return classifyFailure(await backend.status(ref, job.spec), lines)?.cause;
    };
    const expectOnce = async (job: Trainer, starts = 1, submissions = 1) => {
      expect(job.starts()).toHaveLength(starts);
      expect(job.twice()).toEqual([]);
      expect((await under.jobsSeen(job.spec.name)) ?? submissions).toBe(submissions);
    };

    it('runs a program to its end and keeps its output', async () => {
      const job = trainer({
        environment: { GIVEN: "it's $HOME\n2" },
        program: 'printf "%s|" "$GIVEN" "${ANTHROPIC_KEY-none}"; pwd; exit 0',
      });
      process.env['ANTHROPIC_KEY'] = 'of the worker alone';
      expect(await backend.find(job.spec)).toBeNull();
      await backend.check(job.spec);
      const ref = await backend.submit(job.spec, 0);
      delete process.env['ANTHROPIC_KEY'];
      expect(await reaches(ref, job, 'completed')).toMatchObject({ exit_code: 0, restarts: 0 });
      expect(await backend.find(job.spec)).toEqual(ref);
      expect(job.output()).toContain(`it's $HOME\n2|none|${job.spec.folder}`);
    });

    it('says with which exit code a program failed, and starts it again only when that is asked', async () => {
      const job = trainer();
      const first = await runs(job);
      job.finish(7, "ModuleNotFoundError: No module named 'deepspeed'");
      expect(await reaches(first, job, 'failed')).toMatchObject({ exit_code: 7 });
      expect(await causeOf(first, job)).toBe('missing_module');
      expect(await backend.submit(job.spec, 0)).toEqual(first);
      job.remove('finish');
      const second = await runs(job, 1);
      expect(second).toMatchObject({ submission: 2 });
      expect(await backend.submit(job.spec, 1)).toEqual(second);
      expect(await backend.submit(job.spec, 0)).toEqual(second);
      job.finish();
      await reaches(second, job, 'completed');
      expect(await backend.status(first, job.spec)).toMatchObject({ state: 'failed', exit_code: 7 });
      await expect(backend.submit(job.spec, 3)).rejects.toMatchObject({ code: 'job_refused' });
      await expectOnce(job, 2, 2);
    });

    it('refuses a job of the same name that does something else', async () => {
      const job = trainer();
      const ref = await runs(job);
      const other = { ...job.spec, command: ['true'], spec_sha256: 'f'.repeat(64) };
      await expect(backend.submit(other, 0)).rejects.toMatchObject({
        code: 'job_refused',
        message: expect.stringContaining('another specification'),
      });
      job.finish();
      await reaches(ref, job, 'completed');
      await expect(backend.submit(other, 1)).rejects.toMatchObject({ code: 'job_refused' });
    });

    it('refuses GPUs and nodes that it does not have before anything is submitted', async () => {
      for (const needs of [{ gpus_per_node: 8 }, { nodes: 64 }, { memory_mb_per_node: 64_000_000 }, { cpus_per_node: 4_096 }]) {
        const job = trainer({ needs });
        await expect(backend.check(job.spec)).rejects.toMatchObject({
          code: 'job_unmet_need',
          message: expect.stringContaining(job.spec.name),
        });
        expect(await backend.find(job.spec)).toBeNull();
      }
    });

    it('gives the output in pieces that join to the whole', async () => {
      const job = trainer({ program: 'i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo "línea $i 🙂"; done' });
      const ref = await backend.submit(job.spec, 0);
      await reaches(ref, job, 'completed');
      let whole = '';
      for (let offset = 0; ; ) {
        const { text, next } = await backend.logs(ref, job.spec, offset, 101);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(101);
        if (next === offset) break;
        [whole, offset] = [whole + text, next];
      }
      expect(whole.trim()).toBe(job.output());
      expect(whole).toContain('línea 200 🙂');
    });

    it('starts one program, whenever the worker that submits it is killed', async () => {
      const random = randomNumbers(chaosSeed());
      // How long a whole submission takes, so that the moments lie within it.
      const measured = trainer();
      const worker = await SubmittingWorker.start(under.settings, measured.spec);
      const begun = performance.now();
      await worker.line(/"submission"/);
      const took = performance.now() - begun;
      await worker.kill();
      measured.finish();
      await backend.submit(measured.spec, 0).then((ref) => reaches(ref, measured, 'completed'));
      await expectOnce(measured);
      const within = (file: string) => async (job: Trainer) =>
        await until(`${file} is there`, () => existsSync(join(submissionFolder(job.spec.folder, 1), file)), under.patienceMs, 1);
      // Nothing can be awaited at a moment that is drawn.
      const anywhere = async () => await delay(took * random() * 1.1);
      const moments = [within('claim.json'), within('run-job.sh'), ...Array<typeof anywhere>(under.drawnMoments).fill(anywhere)];
      for (const moment of moments) {
        const job = trainer();
        for (let killed = 0; killed < 2; killed++) {
          const dying = await SubmittingWorker.start(under.settings, job.spec);
          await moment(job);
          await dying.kill();
        }
        const ref = await runs(job);
        expect(await backend.find(job.spec)).toEqual(ref);
        job.finish();
        await reaches(ref, job, 'completed');
        await expectOnce(job);
      }
    });

    it('starts one program when several submit it at once', async () => {
      const job = trainer();
      const others = await Promise.all([1, 2].map(() => SubmittingWorker.start(under.settings, job.spec)));
      const [ref, ...same] = await Promise.all([1, 2, 3, 4].map(() => backend.submit(job.spec, 0)));
      if (ref === undefined) throw new Error('no reference');
      expect(same).toEqual([ref, ref, ref]);
      await until('the program works', () => job.step() > 0);
      for (const other of others) expect(JSON.parse(await other.line(/"submission"/))).toEqual(ref);
      await Promise.all(others.map((other) => other.kill()));
      job.finish();
      await reaches(ref, job, 'completed');
      await expectOnce(job);
    });

    it('finds the job of a worker that died before it noted the submission, and while the job ran', async () => {
      const job = trainer();
      const worker = await SubmittingWorker.start(under.settings, job.spec);
      const ref = JSON.parse(await worker.line(/"submission"/));
      await worker.kill();
      expect(await backend.submit(job.spec, 0)).toEqual(ref);
      expect(await backend.find(job.spec)).toEqual(ref);
      await reaches(ref, job, 'running');
      await until('the program works', () => job.step() > 0);
      const step = job.step();
      await until('the program goes on without its worker', () => job.step() > step);
      job.finish();
      await reaches(ref, job, 'completed');
      await expectOnce(job);
    });

    it('sees a program that was killed', async () => {
      const job = trainer();
      const ref = await runs(job);
      process.kill(job.pid(), 'SIGKILL');
      expect(await reaches(ref, job, 'failed')).toMatchObject({ exit_code: 137, detail: expect.stringContaining('KILL') });
      expect(await causeOf(ref, job)).toBe('unknown');
    });

    it.skipIf(enterLimit === null)('sees that the kernel killed a program for want of memory', async () => {
      const job = trainer({ program: `${enterLimit} exec python3 -c "print(len(bytearray(700 * 1024 ** 2)))"` });
      const ref = await backend.submit(job.spec, 0);
      expect(await reaches(ref, job, 'out_of_memory')).toMatchObject({ exit_code: 137 });
      expect(await causeOf(ref, job)).toBe('out_of_memory');
    });

    it('sees that a GPU ran out of memory by what the program says', async () => {
      const job = trainer();
      const ref = await runs(job);
      job.finish(1, 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB.');
      await reaches(ref, job, 'failed');
      expect(await causeOf(ref, job)).toBe('out_of_memory');
    });

    it('goes on from the checkpoint after it was preempted', async () => {
      const job = trainer();
      let ref = await runs(job);
      await under.preempt(ref, job.spec);
      await until('a checkpoint', () => job.checkpoint() > 0);
      const at = job.checkpoint();
      // A backend that starts it again by itself goes by the same reference.
      const resumed = async () => {
        if (job.starts().length > 1) return true;
        const { state } = await backend.status(ref, job.spec);
        if (state === 'preempted') ref = await backend.submit(job.spec, 1);
        return false;
      };
      await until('it is started again', resumed, under.patienceMs * 3);
      expect(job.starts().at(-1)).toMatch(new RegExp(`^from ${at} `));
      job.finish();
      const { restarts } = await reaches(ref, job, 'completed');
      expect(restarts + ref.submission).toBe(2);
      await expectOnce(job, 2, ref.submission);
    });

    it('ends a job at its time limit, by a checkpoint, and goes on from there', async () => {
      const { seconds, grace, patienceMs } = under.shortLimit;
      const job = trainer({ needs: { time_limit_seconds: seconds }, grace_seconds: grace });
      const first = await runs(job);
      await reaches(first, job, 'timed_out', patienceMs);
      expect(await causeOf(first, job)).toBe('time_limit');
      const at = job.checkpoint();
      expect(at).toBeGreaterThan(0);
      const second = await runs(job, 1);
      expect(job.starts().at(-1)).toMatch(new RegExp(`^from ${at} `));
      job.finish();
      await reaches(second, job, 'completed');
      await expectOnce(job, 2, 2);
    });

    it('writes a checkpoint when asked, and ends', async () => {
      const job = trainer();
      const ref = await runs(job);
      await backend.signal(ref, job.spec, 'checkpoint');
      await reaches(ref, job, 'preempted');
      expect(job.checkpoint()).toBeGreaterThan(0);
      expect(await causeOf(ref, job)).toBe('preempted');
    });

    it('cancels by way of a checkpoint, as often as asked', async () => {
      const job = trainer();
      const ref = await runs(job);
      await Promise.all([backend.cancel(ref, job.spec), backend.cancel(ref, job.spec)]);
      expect(await backend.status(ref, job.spec)).toMatchObject({ state: 'cancelled' });
      expect(job.checkpoint()).toBeGreaterThan(0);
      expect(() => process.kill(job.pid(), 0)).toThrow('ESRCH');
      await backend.cancel(ref, job.spec);
      expect(await causeOf(ref, job)).toBe('cancelled');
      await expectOnce(job);
    });

    it('cancels a program that hears no request, with all that it started', async () => {
      const job = trainer({
        program:
          'trap "" TERM; (setsid sleep 1000 &) ; echo $$ >pid; echo 1 >progress; echo "from 0 by $$" >>starts; while :; do sleep 1000; done',
        grace_seconds: 300,
      });
      const ref = await runs(job);
      await backend.cancel(ref, job.spec);
      expect(await backend.status(ref, job.spec)).toMatchObject({ state: 'cancelled' });
      await until('its processes are gone', () => membersOf(submissionFolder(job.spec.folder, 1)).length === 0);
    });
  });
}

/** A process that submits a job as a worker does, to be killed by SIGKILL. */
class SubmittingWorker {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #ended: Promise<unknown>;

  private constructor(settings: JobBackendSettings, spec: JobSpec) {
    const program = join(import.meta.dirname, 'submitting-worker.ts');
    this.#child = spawn(process.execPath, [program, JSON.stringify(settings), JSON.stringify(spec)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#ended = once(this.#child, 'exit');
    if (this.#child.stdout !== null) createInterface({ input: this.#child.stdout }).on('line', (line) => this.#lines.push(line));
  }

  /** Resolves when the submission begins. */
  static async start(settings: JobBackendSettings, spec: JobSpec): Promise<SubmittingWorker> {
    const worker = new SubmittingWorker(settings, spec);
    await worker.line(/^begin$/);
    return worker;
  }

  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.#lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null) throw new Error(`the submitting worker ended with ${this.#child.exitCode}`);
      await delay(5);
    }
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
