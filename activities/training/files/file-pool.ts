import { availableParallelism } from 'node:os';
import { Problem } from '../../../schemas/problem.ts';
import { inThreads } from '../../../platform/thread-pool.ts';
import { Tally } from './tally.ts';
import type { FileUnit, ThreadSettings, UnitReport } from './unit.ts';

export interface PoolOptions extends ThreadSettings {
  /** Threads; by default one for each core, at most eight: each holds a tokenizer of its own. */
  jobs?: number;
  /** Called with the number of rows read so far. */
  onRows?: (rows: number) => void;
  signal?: AbortSignal;
}

type UnitFile = NonNullable<NonNullable<UnitReport['outcome']>['file']>;

export interface PoolOutcome {
  tally: Tally;
  not_selected: number;
  /** Files in the order of the release; units without a row have none. */
  files: (UnitFile & { unit: FileUnit })[];
}

const mostJobs = 8;

/** A small heap makes the collector keep up with the rows. Half as much for young objects takes a seventh more processor time. */
const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 96 };

/** Does all units on several threads. Throws the `Problem` of a unit, training_files_failed when a thread dies. */
export async function doUnits(units: readonly FileUnit[], options: PoolOptions): Promise<PoolOutcome> {
  const { jobs = Math.min(mostJobs, availableParallelism()), onRows, signal, ...data } = options;
  const outcome: PoolOutcome = { tally: new Tally(), not_selected: 0, files: [] };
  let rows = 0;
  const reports = inThreads<FileUnit, UnitReport>(each(units), {
    program: new URL('./file-thread.ts', import.meta.url),
    threads: Math.max(1, Math.min(jobs, units.length)),
    data,
    resourceLimits,
    onArrival: ({ read }) => {
      rows += read;
      onRows?.(rows);
    },
    failed: (reason) =>
      new Problem('training_files_failed', `a thread that writes training files died: ${reason.message}`, {
        hint: 'if memory ran out, ask for fewer threads: --jobs 1',
        cause: reason,
      }),
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const { number, outcome: done, problem } of reports) {
    if (problem !== null) throw new Problem(problem.code, problem.message, problem.hint === undefined ? {} : { hint: problem.hint });
    if (done === null) continue;
    outcome.tally.add(done.cells);
    outcome.not_selected += done.not_selected;
    const unit = units[number];
    if (done.file !== null && unit !== undefined) outcome.files.push({ ...done.file, unit });
  }
  return outcome;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
