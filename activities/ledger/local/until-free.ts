import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../../../schemas/problem.ts';

/** How long a process waits for others to finish their writes before it gives up; milliseconds. */
const patienceMs = 600_000;

/** Between two tries; milliseconds. Much shorter than the pause that each process makes between its batches. */
const tryAgainMs = 1;

/**
 * Does `work` once no other process holds the lock on the database. SQLite itself would block the thread, and would look
 * for the lock so seldom that a process with much to write could keep it from all others.
 */
export async function untilFree<T>(path: string, work: () => T): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > deadline) {
        throw new Problem('ledger_busy', `another process has been writing to ${path} for ${patienceMs / 1000} s`, {
          hint: `see who holds it: fuser ${path}`,
        });
      }
    }
    await delay(tryAgainMs);
  }
}

/** SQLITE_BUSY in the low byte of the code; the rest says why it is busy. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5;
}
