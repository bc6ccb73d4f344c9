import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../../schemas/problem.ts';

export interface GraderProgram {
  /** For messages. */
  what: string;
  program: string;
  args: readonly string[];
  /** Where it runs. */
  folder: string;
  /** Where its log and number are kept; by default where it runs. */
  files?: string | undefined;
  /** Stands in its arguments; tells it from another process that got its number. */
  mark: string;
  timeoutMs: number;
  /** Between being asked to end and being killed. */
  graceMs?: number | undefined;
  environment?: Readonly<Record<string, string>> | undefined;
  signal: AbortSignal;
  /** Every few seconds while it runs. */
  onTick: () => void;
}

/** What a grader may see of this process's environment: it runs code of others, which no key concerns. */
const handedOn =
  /^(PATH|HOME|LANG|LC_ALL|TMPDIR|DOCKER_[A-Z_]+|XDG_RUNTIME_DIR|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY)$/;
const tickMs = 2000;
const patienceMs = 10_000;

/**
 * Runs a grader to its end, in a process group of its own; what it prints goes to `grader.log` in the folder of its files. Throws `Problem` grader_failed with its last lines, grader_timed_out; after an
 * abort the signal's reason. None of its processes is left, whatever happened; containers are the caller's.
 */
export async function runProgram(run: GraderProgram): Promise<void> {
  const { what, program, args, folder, files = folder, timeoutMs, signal } = run;
  signal.throwIfAborted();
  const log = join(files, 'grader.log');
  const output = openSync(log, 'w');
  const handed = Object.fromEntries(Object.entries(process.env).filter(([name]) => handedOn.test(name)));
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...handed, PYTHONUNBUFFERED: '1', ...run.environment },
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = new Promise<string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, killedBy) => resolve(code === 0 ? null : code === null ? `was ended by ${killedBy}` : `ended with ${code}`));
  });
  if (child.pid !== undefined) writeFileSync(pidFile(files), `${child.pid}\n`);
  const ticking = setInterval(run.onTick, tickMs);
  const timer = new AbortController();
  const stop = AbortSignal.any([signal, timer.signal]);
  const outOfTime = setTimeout(() => timer.abort(), timeoutMs);
  const onStop = () => void endGroup(child.pid, run.graceMs);
  stop.addEventListener('abort', onStop, { once: true });
  try {
    const how = await ended.catch((error: unknown) => {
      throw new Problem('grader_not_ready', `${what} could not be started: ${String(error)}`, { cause: error });
    });
    signal.throwIfAborted();
    if (timer.signal.aborted) {
      throw new Problem('grader_timed_out', `${what} did not end within ${Math.round(timeoutMs / 60_000)} minutes`, {
        hint: `look at ${log}; more workers, or a higher time limit, make room`,
      });
    }
    if (how !== null) throw new Problem('grader_failed', `${what} ${how}:\n${lastLines(log)}`, { hint: `its whole output is in ${log}` });
  } finally {
    clearInterval(ticking);
    clearTimeout(outOfTime);
    stop.removeEventListener('abort', onStop);
    signalGroup(child.pid, 'SIGKILL');
  }
}

/** As programs of Python take them. */
export function flagsOf(flags: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** Ends the grader that a killed worker left running in the folder, if there is one. */
export async function endLeftOver(folder: string, mark: string): Promise<void> {
  let pid: number;
  try {
    pid = Number(readFileSync(pidFile(folder), 'utf8'));
    if (!Number.isInteger(pid) || pid < 2 || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark)) return;
  } catch {
    return;
  }
  await endGroup(pid);
}

async function endGroup(pid: number | undefined, graceMs = patienceMs): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  for (let waited = 0; waited < graceMs && signalGroup(pid, 0); waited += 100) await sleep(100);
  signalGroup(pid, 'SIGKILL');
}

/** Whether there was a process to signal. */
function signalGroup(pid: number | undefined, name: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, name);
  } catch {
    return false;
  }
}

function pidFile(folder: string): string {
  return join(folder, 'grader.pid');
}

function lastLines(log: string): string {
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-12).join('\n').slice(-3000);
}
