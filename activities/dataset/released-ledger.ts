import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import { ReleasedLedgerEntry } from '../../schemas/release.ts';

/** Writes every row ever produced, one JSON line each, in the order given. */
export async function writeLedger(
  write: (bytes: Uint8Array) => Promise<void>,
  entries: AsyncIterable<LedgerEntry>,
): Promise<{ entries: number }> {
  let count = 0;
  for await (const entry of entries) {
    await write(Buffer.from(`${JSON.stringify(ReleasedLedgerEntry.parse(entry))}\n`));
    count += 1;
  }
  return { entries: count };
}
