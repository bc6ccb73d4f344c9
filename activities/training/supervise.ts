import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { JobRef, JobSpec, JobStatus } from '../../schemas/job.ts';
import { Problem } from '../../schemas/problem.ts';
import type { JobEnd, JobWatch } from '../../schemas/training-run.ts';
import { classifyFailure } from '../jobs/classify-failure.ts';
import type { JobBackend } from '../jobs/job-backend.ts';
import { writeFailure, writeProgress } from '../jobs/job-record.ts';
import type { LossPoint } from './loss-curve.ts';
import type { Trainer } from './trainer.ts';

/** Bytes of output that are read at a time, and the end that an explanation is looked for in. */
const readBytes = 256 * 1024;
const tailBytes = 64 * 1024;

const ended = new Set<JobStatus['state']>([
  'completed',
  'failed',
  'out_of_memory',
  'timed_out',
  'preempted',
  'node_failed',
  'cancelled',
  'lost',
]);

type Counts = NonNullable<JobWatch['counted']>;

export interface Watched {
  backend: JobBackend;
  trainer: Pick<Trainer, 'readOutput' | 'failureSigns' | 'checkpoints'>;
  spec: JobSpec;
  ref: JobRef;
  /** What its training files hold; null where it counts with another tokenizer. */
  expected: Counts | null;
  /** Where an earlier watch of the same run folder stopped. */
  from: JobWatch | null;
  /** Between two looks; milliseconds. */
  pollMs: number;
  signal: AbortSignal;
  onWatch: (watch: JobWatch) => void;
}

const nothing: JobWatch = {
  state: 'pending',
  detail: '',
  step: null,
  total: null,
  loss: null,
  checkpoint: null,
  log_offset: 0,
  counted: null,
  heard_at: null,
};

/**
 * Watches a job until it has ended. What its output says goes into `losses.jsonl` and `progress.json` of its run folder.
 * Throws the signal's reason when that is aborted, `Problem` trained_tokens_differ when the trainer learns other tokens than the
 * files hold, and what the backend throws; whoever watches next goes on at `from`.
 */
export async function supervise({ backend, trainer, spec, ref, expected, from, pollMs, signal, onWatch }: Watched): Promise<JobEnd> {
  let watch = from ?? nothing;
  for (;;) {
    signal.throwIfAborted();
    // Before the output: what a job wrote before it ended is then read, too.
    const status = await backend.status(ref, spec);
    const isEnd = ended.has(status.state);
    watch = { ...watch, state: status.state, detail: status.detail };
    for (let grew = true; grew; ) {
      const next = await readOn(watch, backend, { trainer, spec, ref, whole: isEnd });
      grew = next.log_offset > watch.log_offset;
      watch = next;
      onWatch(watch);
      requireCounts(spec, expected, watch.counted);
      signal.throwIfAborted();
    }
    const checkpoint = (await trainer.checkpoints(spec.folder)).at(-1);
    watch = { ...watch, checkpoint: checkpoint?.folder ?? watch.checkpoint };
    onWatch(watch);
    keepProgress(spec.folder, watch);
    if (isEnd) return await endOf(status, watch, backend, { trainer, spec, ref });
    // Whoever aborts it gives the reason, which the loop throws.
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** A mask that is not the one of the files teaches something else, which nothing later would show. */
function requireCounts({ name }: JobSpec, expected: Counts | null, counted: Counts | null): void {
  if (expected === null || counted === null) return;
  const { rows, tokens, trained_tokens } = expected;
  if (counted.rows === rows && counted.tokens === tokens && counted.trained_tokens === trained_tokens) return;
  const words = (counts: Counts) => `${counts.rows} rows, ${counts.tokens} tokens, ${counts.trained_tokens} trained`;
  throw new Problem('trained_tokens_differ', `job ${name}: the trainer counts ${words(counted)}; its files hold ${words(expected)}`, {
    hint: 'its tokenizer, chat template or mask is another one: see tracemill export --for and docs/training.md',
  });
}

type Output = { trainer: Watched['trainer']; spec: JobSpec; ref: JobRef };

/** Reads up to the last whole line of the next part; all of it when nothing more will come. */
async function readOn(watch: JobWatch, backend: JobBackend, { trainer, spec, ref, whole }: Output & { whole: boolean }): Promise<JobWatch> {
  const { text, next } = await backend.logs(ref, spec, watch.log_offset, readBytes);
  const lastLine = text.lastIndexOf('\n') + 1;
  // A line that is longer than what is read at a time, such as that of a progress bar, is taken in parts.
  const isFull = next - watch.log_offset > readBytes - 4;
  const torn = (!whole || isFull) && lastLine > 0 && lastLine < text.length ? Buffer.byteLength(text.slice(lastLine)) : 0;
  const isBegun = !whole && lastLine === 0 && !isFull;
  if (text === '' || isBegun) return watch;
  const read = trainer.readOutput(torn > 0 ? text.slice(0, lastLine) : text);
  if (read.losses.length > 0) await appendFile(lossesIn(spec.folder), read.losses.map((point) => `${JSON.stringify(point)}\n`).join(''));
  return {
    ...watch,
    step: read.step ?? watch.step,
    total: read.total ?? watch.total,
    loss: read.losses.at(-1)?.loss ?? watch.loss,
    log_offset: next - torn,
    counted: read.counted ?? watch.counted,
    heard_at: new Date().toISOString(),
  };
}

function keepProgress(folder: string, { step, total, loss, checkpoint, heard_at }: JobWatch): void {
  writeProgress(folder, { step, total_steps: total, loss, checkpoint, updated_at: heard_at ?? new Date().toISOString() });
}

async function endOf(status: JobStatus, watch: JobWatch, backend: JobBackend, { trainer, spec, ref }: Output): Promise<JobEnd> {
  const { text } = await backend.logs(ref, spec, Math.max(0, watch.log_offset - tailBytes), tailBytes);
  const failure = classifyFailure(status, text.split(/[\r\n]+/), trainer.failureSigns);
  if (failure === null) return { ...status, watch, cause: null, problem: null, resumable: false };
  // With the signs of its trainer, which whoever shows the job does not know.
  writeFailure(spec.folder, ref.submission, failure);
  const { cause, retryable, detail, lines } = failure;
  // The server keeps 4 KB of a failure.
  const shown = lines.slice(-12).map((line) => line.slice(0, 200));
  const message = [`job ${spec.name}: ${detail}`, ...shown.map((line) => `  ${line}`)].join('\n').slice(0, 1800);
  const hint = `all of its output: tracemill job logs ${spec.name}`;
  return { ...status, watch, cause, problem: { code: codes[cause] ?? 'job_failed', message, hint }, resumable: retryable };
}

/** Causes whose code says more than that a job failed. */
const codes: Partial<Record<NonNullable<JobEnd['cause']>, string>> = {
  out_of_memory: 'job_out_of_memory',
  cancelled: 'job_cancelled',
  preempted: 'job_preempted',
  time_limit: 'job_timed_out',
  node_failure: 'job_node_failed',
  lost: 'job_lost',
  missing_module: 'trainer_missing',
  missing_program: 'trainer_missing',
};

function lossesIn(folder: string): string {
  return join(folder, 'losses.jsonl');
}

/** JSON has no word for a loss that is no number. */
const Point = z.object({ step: z.int(), loss: z.number().nullable() });

/** Losses by step as they were seen; steps that were done again after a resume count once, by their last value. */
export async function lossesOf(folder: string): Promise<LossPoint[]> {
  const text = await readFile(lossesIn(folder), 'utf8').catch(() => '');
  const points = new Map<number, number>();
  for (const line of text.split('\n')) {
    const point = Point.safeParse(parsed(line)).data;
    if (point !== undefined) points.set(point.step, point.loss ?? NaN);
  }
  return [...points].map(([step, loss]) => ({ step, loss })).toSorted((a, b) => a.step - b.step);
}

/** Undefined for a line that a crash tore. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
