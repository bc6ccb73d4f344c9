import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { startTime } from '../../platform/background-process.ts';
import type { Owner } from './run-folder.ts';

/** Whether the process that runs a job lives. `elsewhere`: it was started on another machine, which cannot be seen from here. */
export function ownerLives(owner: Owner): boolean | 'elsewhere' | 'before_restart' {
  if (owner.host !== hostname()) return 'elsewhere';
  if (owner.boot_id !== bootId()) return 'before_restart';
  return startTime(owner.pid) === owner.started;
}

/** Processes of a submission that live, wherever they moved: they inherit its folder in their environment. */
export function membersOf(here: string): number[] {
  return pids().filter((pid) => wordsOf(pid, 'environ').includes(`TRACEMILL_SUBMISSION=${here}/`));
}

/** Processes that were started with this argument on their command line. */
export function pidsWithArgument(argument: string): number[] {
  return pids().filter((pid) => wordsOf(pid, 'cmdline').includes(argument));
}

function pids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function wordsOf(pid: number, file: 'environ' | 'cmdline'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    // It ended, or belongs to another user.
    return [];
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** Sends a signal to a process, or with a negative number to a group; false when there is none. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
