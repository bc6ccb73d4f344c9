import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import { ReleasedLedgerEntry } from '../../schemas/release.ts';
import { Verdict } from '../../schemas/verdict.ts';
import { type ArtifactStore, getJson } from '../artifacts/store.ts';

/** Writes every row ever produced, one JSON line each, in the order given, with its whole verdict from the store. */
export async function writeLedger(
  write: (bytes: Uint8Array) => Promise<void>,
  entries: AsyncIterable<LedgerEntry>,
  store: ArtifactStore,
): Promise<{ entries: number }> {
  let count = 0;
  for await (const entry of entries) {
    const verdict = entry.verdict === null ? null : await getJson(store, entry.verdict.ref, Verdict);
    await write(Buffer.from(`${JSON.stringify(ReleasedLedgerEntry.parse({ ...entry, verdict }))}\n`));
    count += 1;
  }
  return { entries: count };
}
