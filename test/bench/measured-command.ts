import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../platform/home.ts';

/** What a run of the command line took, its start included. */
export interface MeasuredCommand {
  seconds: number;
  /** Seconds of processor time, all threads together. */
  cpu: number;
  /** Largest resident memory, in megabytes (2^20 bytes). */
  resident: number;
}

const measure =
  "process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); process.stderr.write(`resident ${maxRSS}, cpu ${(userCPUTime + systemCPUTime) / 1e6}\\n`); });";

/** Runs `tracemill` with these arguments, its output thrown away. */
export async function measuredCommand(args: readonly string[]): Promise<MeasuredCommand> {
  const started = performance.now();
  const load = ['--import', `data:text/javascript,${encodeURIComponent(measure)}`];
  const child = spawn(process.execPath, [...load, join(projectRoot, 'cli/main.ts'), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`tracemill ${args[0] ?? ''} ended with ${code}: ${errors}`);
  const seconds = (performance.now() - started) / 1000;
  const used = /resident (\d+), cpu ([\d.]+)/.exec(errors);
  return { seconds, resident: Number(used?.[1]) / 1024, cpu: Number(used?.[2]) };
}
