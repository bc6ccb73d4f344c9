import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BackgroundProcess, isAlive, readBackground, startBackground, stopBackground } from '../platform/background-process.ts';
import { projectRoot } from '../platform/home.ts';

/** Starts the worker as a user would, with its settings of Node. */
const launcher = join(projectRoot, 'bin', 'tracemill');

const workerName = 'worker';

/** The worker that this home runs in the background, if one is alive. */
export function backgroundWorker(): BackgroundProcess | undefined {
  const last = readBackground(workerName);
  return last !== undefined && isAlive(last) ? last : undefined;
}

/**
 * The worker of this home's background: started where there is none, and started again where it lacks the key in `keyVariable`
 * that this process has. What it does meanwhile goes on with the next; its other keys stay. A worker in the foreground is not seen.
 */
export async function bringUpWorker(
  slots: number,
  keyVariable?: string,
): Promise<{ worker: BackgroundProcess; how: 'started' | 'runs already' | 'again' }> {
  const running = backgroundWorker();
  if (running === undefined) return { worker: await startWorker(slots), how: 'started' };
  const key = keyVariable === undefined ? undefined : process.env[keyVariable];
  const environment = environmentOf(running.pid);
  if (keyVariable === undefined || key === undefined || environment === undefined || environment[keyVariable] === key)
    return { worker: running, how: 'runs already' };
  await stopBackground(running, 15_000);
  const { name, command } = running;
  return { worker: await startBackground({ name, command, env: { ...environment, [keyVariable]: key } }), how: 'again' };
}

/** The environment that a process was started in; undefined where the kernel does not tell. */
function environmentOf(pid: number): Record<string, string> | undefined {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return Object.fromEntries(entries.flatMap((entry) => (entry.includes('=') ? [splitAt(entry, entry.indexOf('='))] : [])));
  } catch {
    return undefined;
  }
}

const splitAt = (text: string, at: number): [string, string] => [text.slice(0, at), text.slice(at + 1)];

/** Starts a worker in the background, with this process's environment; `tracemill down` ends it. */
export async function startWorker(slots: number): Promise<BackgroundProcess> {
  return await startBackground({ name: workerName, command: [launcher, 'worker', '--slots', String(slots)] });
}
