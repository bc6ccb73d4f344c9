import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { openStudentTokenizer } from '../../rendering/student-tokenizer.ts';
import { profiles } from './profiles/registry.ts';
import { FileUnit, ThreadSettings, type UnitReport } from './unit.ts';
import { type UnitOptions, writeUnit } from './write-unit.ts';

/** A thread of the pool: writes one file after another until it is ended from outside. */
async function serve(): Promise<void> {
  const { profile, ...settings } = ThreadSettings.parse(workerData);
  const options = openStudentTokenizer().then((tokenizer) => ({
    ...settings,
    tokenizer,
    profile: profile === null ? null : profiles[profile],
  }));
  // One at a time: two files at once would be twice the rows in memory.
  let before = Promise.resolve();
  parentPort?.on('message', (message: unknown) => {
    const unit = FileUnit.parse(message);
    before = before.then(() => write(unit, options));
  });
}

async function write(unit: FileUnit, options: Promise<UnitOptions>): Promise<void> {
  const report = (said: UnitReport) => parentPort?.postMessage(said);
  try {
    await writeUnit(unit, await options, report);
  } catch (error) {
    const { code, hint } = error instanceof Problem ? error : outcomeOf(error, unit);
    const problem = { code, message: messageOf(error), ...(hint === undefined ? {} : { hint }) };
    report({ number: unit.number, done: true, read: 0, outcome: null, problem });
  }
}

/** What else can go wrong with a file: the disk, above all. */
function outcomeOf(error: unknown, { out, shard }: FileUnit): { code: string; hint: string } {
  const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  if (full) return { code: 'disk_full', hint: `make room where ${out} is, then export again` };
  return { code: 'training_files_failed', hint: `it happened with the rows of ${shard}` };
}

if (!isMainThread) await serve();
