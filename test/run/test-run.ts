import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runVariable } from './run-variable.ts';
import { sweep } from './sweep.ts';

/**
 * Gives a run of tests, or of benchmarks, a temporary folder of its own, and ends what is left in it: at the end of the run by itself, and by a watcher
 * in a session of its own when the run is ended from outside (Ctrl-C reaches every process of a terminal, so that no `afterAll` runs).
 */
export function setup(): (() => Promise<void>) | undefined {
  if (process.env[runVariable] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-tests-'));
  mkdirSync(join(folder, 'forks'));
  process.env[runVariable] = folder;
  // Compiled code is shared with other runs and with the commands of users.
  process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache');
  process.env['TMPDIR'] = folder;
  // The watcher waits for the end of its input, which comes however this process ends.
  const watcher = spawn(process.execPath, [join(import.meta.dirname, 'sweep.ts'), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, TMPDIR: '', [runVariable]: '' },
  });
  watcher.unref();
  return async () => {
    await sweep(folder);
  };
}
