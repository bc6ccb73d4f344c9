import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { Problem } from '../schemas/problem.ts';
import { home, paths } from './home.ts';
import { replaceFile } from './replace-file.ts';

/**
 * A process that outlives the command that started it, as `run/<name>.json` records it. `started` is the kernel's
 * start time, so that a later process with the same pid is not taken for it.
 */
const BackgroundProcess = z.object({
  name: z.string(),
  pid: z.int(),
  started: z.string(),
  command: z.array(z.string()),
  log: z.string(),
  /** What its owner needs to find it again, such as its address. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type BackgroundProcess = z.infer<typeof BackgroundProcess>;

export interface BackgroundCommand {
  name: string;
  command: string[];
  env?: Record<string, string>;
  details?: BackgroundProcess['details'];
}

/** Starts a command in a session of its own, output appended to `logs/<name>.log`, and records it. */
export async function startBackground({ name, command, env = {}, details = {} }: BackgroundCommand): Promise<BackgroundProcess> {
  const [program, ...args] = command;
  if (program === undefined) throw new Problem('process_start_failed', `${name}: no command given`);
  mkdirSync(paths.logs(), { recursive: true });
  const log = join(paths.logs(), `${name}.log`);
  const output = openSync(log, 'a');
  try {
    const child = spawn(program, args, { cwd: home(), detached: true, stdio: ['ignore', output, output], env: { ...process.env, ...env } });
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve(child.pid ?? 0));
    });
    child.unref();
    return recordBackground({ name, pid, command, log, details });
  } finally {
    closeSync(output);
  }
}

/** Records a running process, so that `tracemill down` and `doctor` know it. */
export function recordBackground(entry: Omit<BackgroundProcess, 'started'>): BackgroundProcess {
  const recorded = { ...entry, started: startTime(entry.pid) ?? 'gone' };
  replaceFile(recordPath(entry.name), `${JSON.stringify(recorded, null, 2)}\n`);
  return recorded;
}

/** The record of a process, alive or not; undefined when none was ever started. */
export function readBackground(name: string): BackgroundProcess | undefined {
  const path = recordPath(name);
  if (!existsSync(path)) return undefined;
  const parsed = BackgroundProcess.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  return parsed.success ? parsed.data : undefined;
}

/** Every process recorded in this home. */
export function listBackground(): BackgroundProcess[] {
  if (!existsSync(paths.run())) return [];
  const names = readdirSync(paths.run()).filter((file) => file.endsWith('.json'));
  return names.map((file) => readBackground(basename(file, '.json'))).filter((entry) => entry !== undefined);
}

export function isAlive(entry: BackgroundProcess): boolean {
  return startTime(entry.pid) === entry.started;
}

/** Ends a process: SIGTERM, after `graceMs` SIGKILL. Resolves when it is gone; says how it went. */
export async function stopBackground(entry: BackgroundProcess, graceMs = 10_000): Promise<'was_gone' | 'stopped' | 'killed'> {
  if (!isAlive(entry)) return 'was_gone';
  signal(entry, 'SIGTERM');
  if (await gone(entry, graceMs)) return 'stopped';
  signal(entry, 'SIGKILL');
  await gone(entry, 5_000);
  return 'killed';
}

/** Asks a process to end when its work is done and waits `graceMs` for it; it is never killed. */
export async function retireBackground(entry: BackgroundProcess, graceMs: number): Promise<'was_gone' | 'stopped' | 'finishing'> {
  if (!isAlive(entry)) return 'was_gone';
  signal(entry, 'SIGTERM');
  return (await gone(entry, graceMs)) ? 'stopped' : 'finishing';
}

export function forgetBackground(name: string): void {
  rmSync(recordPath(name), { force: true });
}

/** The last lines of a log, for a message about a process that did not start. */
export function logTail(path: string, lines = 8): string {
  if (!existsSync(path)) return '';
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

function signal(entry: BackgroundProcess, name: NodeJS.Signals): void {
  try {
    process.kill(entry.pid, name);
  } catch {
    // It ended on its own in between.
  }
}

async function gone(entry: BackgroundProcess, timeoutMs: number): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await delay(50)) {
    if (!isAlive(entry)) return true;
  }
  return !isAlive(entry);
}

/** Field 22 of /proc/PID/stat, in clock ticks since the machine started; undefined for a process that is gone or a zombie. */
export function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the program's name in parentheses, may hold spaces itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function recordPath(name: string): string {
  return join(paths.run(), `${name}.json`);
}
