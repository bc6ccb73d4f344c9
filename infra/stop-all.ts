import { forgetBackground, isAlive, listBackground, stopBackground, type BackgroundProcess } from './background-process.ts';
import { engineProcess } from './bootstrap/engine.ts';
import { temporalProcess } from './temporal-process.ts';

export interface Stopped {
  name: string;
  pid: number;
  outcome: Awaited<ReturnType<typeof stopBackground>>;
}

/** Ends the background processes of this home: workers before the server they report to, the engine last and only when asked. */
export async function stopAll({ engine }: { engine: boolean }): Promise<Stopped[]> {
  const chosen = listBackground()
    .filter(isAlive)
    .filter(({ name }) => engine || name !== engineProcess)
    .toSorted((a, b) => rank(a) - rank(b));
  const stopped: Stopped[] = [];
  for (const entry of chosen) {
    const outcome = await stopBackground(entry, entry.name === engineProcess ? 30_000 : 15_000);
    stopped.push({ name: entry.name, pid: entry.pid, outcome });
    // The server's record stays: it remembers the port that workers will look for it on.
    if (entry.name !== temporalProcess) forgetBackground(entry.name);
  }
  return stopped;
}

function rank({ name }: BackgroundProcess): number {
  return name === engineProcess ? 2 : name === temporalProcess ? 1 : 0;
}
