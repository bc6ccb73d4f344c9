import {
  type BackgroundProcess,
  forgetBackground,
  isAlive,
  listBackground,
  retireBackground,
  stopBackground,
} from '../platform/background-process.ts';
import { engineProcess } from './bootstrap/engine.ts';
import { temporalProcess } from '../platform/temporal/known-server.ts';

export interface Stopped {
  name: string;
  pid: number;
  /** `finishing`: it ends by itself when what it holds is done. */
  outcome: Awaited<ReturnType<typeof stopBackground | typeof retireBackground>>;
}

/**
 * Ends the background processes of this home: workers before all that they rely on, the engine last and only when
 * asked. A gateway that holds replies which are paid for but not journalled stays until a worker has taken them.
 */
export async function stopAll({ engine }: { engine: boolean }): Promise<Stopped[]> {
  const chosen = listBackground()
    .filter(isAlive)
    .filter(({ name }) => engine || name !== engineProcess)
    .toSorted((a, b) => rank(a) - rank(b));
  const stopped: Stopped[] = [];
  for (const entry of chosen) {
    const outcome = await stop(entry);
    stopped.push({ name: entry.name, pid: entry.pid, outcome });
    // The record of a server stays: it remembers the port that others will look for it on.
    if (outcome !== 'finishing' && !('port' in entry.details)) forgetBackground(entry.name);
  }
  return stopped;
}

async function stop(entry: BackgroundProcess): Promise<Stopped['outcome']> {
  if (entry.details['finishes'] === true) return await retireBackground(entry, 3_000);
  return await stopBackground(entry, entry.name === engineProcess ? 30_000 : 15_000);
}

/** The gateway goes before the teachers that it asks. */
function rank({ name, details }: BackgroundProcess): number {
  if (name === engineProcess) return 4;
  if (name === temporalProcess) return 3;
  if ('port' in details) return 2;
  return details['finishes'] === true ? 1 : 0;
}
