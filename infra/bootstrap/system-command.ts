import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Problem } from '../../schemas/problem.ts';

export interface CommandOptions {
  /** What it is for, as the subject of an error message. */
  purpose: string;
  hint?: string;
  env?: Record<string, string>;
  /** Where it runs; by default where this process does. */
  cwd?: string;
  timeoutMs?: number;
}

/** Runs a program of the machine and gives its standard output. Throws `Problem` command_failed with the end of its output. */
export async function runCommand(program: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { purpose, hint, env = {}, cwd, timeoutMs = 900_000 } = options;
  return await new Promise((resolve, reject) => {
    const settings = { cwd, env: { ...process.env, ...env }, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 };
    execFile(program, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const told = `${stdout}\n${stderr}`.trim().split('\n').slice(-10).join('\n');
      const reason = error.killed === true ? `it took longer than ${Math.round(timeoutMs / 1000)} s` : told || error.message;
      reject(
        new Problem('command_failed', `${purpose}: ${program} failed:\n${reason}`, {
          cause: error,
          ...(hint === undefined ? {} : { hint }),
        }),
      );
    });
  });
}

/** Where a program lies on PATH or in the folders of system programs, which PATH may lack. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
