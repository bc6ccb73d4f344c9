import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../platform/home.ts';

const launcher = join(projectRoot, 'bin', 'tracemill');

/** Runs `tracemill` with the environment of this process to its end, two minutes at most. */
export async function runTracemill(args: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return await new Promise((resolve) => {
    execFile(launcher, args, { maxBuffer: 64 * 1024 ** 2, timeout: 120_000 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

export interface RunningTracemill {
  /** Waits for a line of its standard error; throws when it ends before. */
  line(pattern: RegExp): Promise<string>;
  stop(): Promise<void>;
}

/** Starts `tracemill` in the background of this process. */
export function startTracemill(args: readonly string[]): RunningTracemill {
  const child = spawn(launcher, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  const lines: string[] = [];
  const reader = createInterface({ input: child.stderr });
  reader.on('line', (line) => lines.push(line));
  return {
    async line(pattern) {
      for (;;) {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) return found;
        await Promise.race([once(reader, 'line'), ended]);
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${lines.slice(-5).join(' / ')}`);
      }
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}
