import type { Problem } from '../../schemas/problem.ts';

/** What a step did, for its progress line; `null` prints none. */
export type Outcome = string | null;

/** Runs one step and prints its line with its time in seconds on standard error. Errors pass through. */
export async function step(name: string, work: () => Promise<Outcome>): Promise<void> {
  const started = performance.now();
  const outcome = await work();
  if (outcome !== null) process.stderr.write(`${name.padEnd(12)}${outcome} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
}

export function writeProblem({ message, hint }: Problem): void {
  process.stderr.write(`tracemill: ${message}\n${hint === undefined ? '' : `  → ${hint}\n`}`);
}
