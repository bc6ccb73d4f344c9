import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkKeyPrefix } from '../../activities/model/check/check-key.ts';
import { TeacherLogEntry } from '../../schemas/teacher-log.ts';

/** The teacher's log of its requests, which shows whether anything was asked twice. */
export class RequestLog {
  readonly entries: TeacherLogEntry[] = [];
  readonly #descriptor: number | undefined;
  readonly #fsync: boolean;

  constructor(file: string | undefined, fsync: boolean) {
    if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
    this.#descriptor = file === undefined ? undefined : openSync(file, 'a');
    this.#fsync = fsync;
  }

  write(entry: TeacherLogEntry): void {
    if (this.#descriptor === undefined) {
      this.entries.push(entry);
      return;
    }
    writeSync(this.#descriptor, `${JSON.stringify(entry)}\n`);
    if (this.#fsync) fsyncSync(this.#descriptor);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}

/** Reads a log file; a torn last line is left out. */
export function readTeacherLog(file: string): TeacherLogEntry[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => TeacherLogEntry.parse(JSON.parse(line)));
}

/** Requests of rollouts, without those of checks that come before them. */
export function ofRollouts(entries: readonly TeacherLogEntry[]): TeacherLogEntry[] {
  return entries.filter(({ key }) => key !== null && !key.startsWith(checkKeyPrefix));
}

/** The keys (rollout id and exchange) that came more often than their attempts explain: paid twice. */
export function askedTwice(entries: readonly TeacherLogEntry[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const entry of entries) {
    if (entry.event !== 'asked' || entry.key === null) continue;
    const attempt = `${entry.key}#${entry.attempt}`;
    if (seen.has(attempt)) twice.add(entry.key);
    seen.add(attempt);
  }
  return [...twice];
}
