import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OutputProgress, Trainer, TrainerCommand } from '../../../activities/training/trainer.ts';

export interface EndedRun extends OutputProgress {
  /** Of the program; null for one that a signal ended. */
  code: number | null;
  output: string;
}

/** Writes what a trainer configured, and runs it as a job does. `onProgress` may send a signal. */
export async function runTrainer(
  trainer: Trainer,
  folder: string,
  { files, command, environment }: TrainerCommand,
  onProgress: (progress: OutputProgress, send: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<EndedRun> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  let output = '';
  const take = (part: Buffer) => {
    output += part.toString('utf8');
    onProgress(trainer.readOutput(output), (signal) => child.kill(signal));
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, output, ...trainer.readOutput(output) };
}

/** How a run ended, with its last lines where it failed, so that a test shows them. */
export function endOf({ code, output }: EndedRun): string {
  if (code === null) return 'killed';
  return code === 0 ? 'exit 0' : `exit ${code}: ${output.slice(-2000)}`;
}
