import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJournal } from './journal.ts';
import type { JournalEntry } from '../../schemas/journal-entry.ts';
import { Problem } from '../../schemas/problem.ts';

/**
 * The entries of a journal as they stand; with `follow` also those added later, until the patch is in it or the signal
 * is aborted. A line being written is waited for. Throws `Problem` journal_not_found.
 */
export async function* followJournal(
  path: string,
  { follow, signal }: { follow: boolean; signal: AbortSignal },
): AsyncGenerator<JournalEntry> {
  let shown = 0;
  for (;;) {
    if (existsSync(path)) {
      const { entries } = decodeJournal(readFileSync(path), path);
      for (const entry of entries.slice(shown)) yield entry;
      shown = entries.length;
      if (entries.some(({ type }) => type === 'patch')) return;
    } else if (!follow) {
      throw new Problem('journal_not_found', `the rollout has no journal at ${path}`, {
        hint: 'it has not begun, or it ran on another host',
      });
    }
    if (!follow || signal.aborted) return;
    await sleep(500, undefined, { signal }).catch(() => undefined);
  }
}
