import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { paths } from '../platform/home.ts';
import { isMissingFile } from '../platform/missing-file.ts';
import { AuditLine, SteeringResult } from '../schemas/web-live.ts';

/**
 * A line as the file has it. Each change writes two under one key: `asked` before it is sent, and what came of it after, so
 * that a crash between them is seen.
 */
const WrittenLine = AuditLine.extend({
  key: z.string(),
  /** Of what was asked under the key: a key is not used for something else. */
  asked_sha256: z.string(),
  result: SteeringResult.nullable(),
});
export type WrittenLine = z.infer<typeof WrittenLine>;

/** Outcome of a line that says no more than that somebody asked. */
export const askedOutcome = 'asked';

/** Adds a line; it is on disk when the call returns. Throws errors of the file system. */
export function writeAudit(line: WrittenLine, path = paths.audit()): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'a', 0o600);
  try {
    // One write: lines of two processes do not mix.
    writeSync(file, `${JSON.stringify(line)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** All lines, the oldest first, and how many could not be read. */
export function readAudit(path = paths.audit()): { lines: WrittenLine[]; unread: number } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissingFile(error)) return { lines: [], unread: 0 };
    throw error;
  }
  const lines: WrittenLine[] = [];
  let unread = 0;
  for (const line of text.split('\n').filter((content) => content !== '')) {
    const read = parsed(line);
    if (read === undefined) unread += 1;
    else lines.push(read);
  }
  return { lines, unread };
}

function parsed(line: string): WrittenLine | undefined {
  try {
    return WrittenLine.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Changes to a campaign, the newest first; one whose outcome is not known stands as `asked`. */
export function auditOf(campaign: string, limit: number, path = paths.audit()): { lines: AuditLine[]; more: number; unread: number } {
  const { lines, unread } = readAudit(path);
  const newest = new Map<string, WrittenLine>();
  for (const line of lines.filter((candidate) => candidate.campaign === campaign)) newest.set(line.key, line);
  const found = [...newest.values()].reverse().map((line) => AuditLine.parse(line));
  return { lines: found.slice(0, limit), more: Math.max(0, found.length - limit), unread };
}
