import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, Problem } from '../schemas/problem.ts';
import { paths } from './home.ts';

/**
 * Runs `work` while no other process of this home, nor another caller in this one, holds the lock `name`. The kernel
 * releases the lock when its holder dies, so none is ever stale, and child processes do not inherit it: both are
 * properties of SQLite's record locks, which is why an empty database serves as the lock file.
 * Throws `Problem` lock_timeout after `timeoutMs` of waiting, the signal's reason when that aborts the waiting.
 */
export async function withLock<T>(
  name: string,
  work: () => Promise<T>,
  options: { timeoutMs?: number; onWait?: () => void; signal?: AbortSignal } = {},
): Promise<T> {
  const { timeoutMs = 600_000, onWait, signal } = options;
  mkdirSync(paths.run(), { recursive: true });
  const path = join(paths.run(), `${name}.lock`);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    const deadline = Date.now() + timeoutMs;
    let waited = false;
    while (!tryLock(database)) {
      signal?.throwIfAborted();
      if (Date.now() > deadline) {
        throw new Problem('lock_timeout', `another process has been busy with "${name}" for ${Math.round(timeoutMs / 1000)} s`, {
          hint: `see who holds it: fuser ${path}`,
        });
      }
      if (!waited) onWait?.();
      waited = true;
      await delay(100);
    }
    return await work();
  } finally {
    database.close();
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (messageOf(error).includes('locked')) return false;
    throw error;
  }
}
