import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMissingFile } from '../../platform/missing-file.ts';
import { decodeJournal } from './journal.ts';
import type { JournalEntry } from '../../schemas/journal-entry.ts';
import { Problem } from '../../schemas/problem.ts';

/** How often a journal is looked at for new lines, in milliseconds. */
const pollMs = 500;

/**
 * The entries of a journal as they stand; with `follow` also those added later, until the patch is in it or the signal
 * is aborted. Each look reads only what was added since the last one. A line being written is waited for; a journal
 * that was started again is given from its start. Throws `Problem` journal_not_found and journal_damaged.
 */
export async function* followJournal(
  path: string,
  { follow, signal }: { follow: boolean; signal: AbortSignal },
): AsyncGenerator<JournalEntry> {
  let offset = 0;
  for (;;) {
    const added = await readFrom(path, offset);
    if (added !== undefined) {
      const { entries, intact } = decodeJournal(added.bytes, path);
      offset = added.start + intact;
      yield* entries;
      if (entries.some(({ type }) => type === 'patch')) return;
    } else if (!follow) {
      throw new Problem('journal_not_found', `the rollout has no journal at ${path}`, {
        hint: 'it has not begun, or it ran on another host',
      });
    }
    if (!follow || signal.aborted) return;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The bytes of a file from `offset` on; from its start where it became shorter. Undefined where there is no file. */
async function readFrom(path: string, offset: number): Promise<{ start: number; bytes: Buffer } | undefined> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    throw error;
  }
  try {
    const { size } = await file.stat();
    const start = size < offset ? 0 : offset;
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - start), position: start });
    return { start, bytes: buffer.subarray(0, bytesRead) };
  } finally {
    await file.close();
  }
}
