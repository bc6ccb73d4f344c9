import { join } from 'node:path';
import { type BackgroundProcess, isAlive, readBackground, startBackground } from '../platform/background-process.ts';
import { projectRoot } from '../platform/home.ts';

/** Starts the worker as a user would, with its settings of Node. */
const launcher = join(projectRoot, 'bin', 'tracemill');

const workerName = 'worker';

/** The worker that this home runs in the background, if one is alive. */
export function backgroundWorker(): BackgroundProcess | undefined {
  const last = readBackground(workerName);
  return last !== undefined && isAlive(last) ? last : undefined;
}

/** Starts a worker in the background, with this process's environment; `tracemill down` ends it. */
export async function startWorker(slots: number): Promise<BackgroundProcess> {
  return await startBackground({ name: workerName, command: [launcher, 'worker', '--slots', String(slots)] });
}
