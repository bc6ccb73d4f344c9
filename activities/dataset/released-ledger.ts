import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import { ReleasedLedgerEntry } from '../../schemas/release.ts';
import { Verdict } from '../../schemas/verdict.ts';
import { type ArtifactStore, getJson } from '../artifacts/store.ts';

/**
 * Writes every row ever produced, one JSON line each, in the order given, with its whole verdict from the store. `hashes`: sha256 of the
 * rows that the release has, by id.
 */
export async function writeLedger(
  write: (bytes: Uint8Array) => Promise<void>,
  entries: AsyncIterable<LedgerEntry>,
  store: ArtifactStore,
  hashes: ReadonlyMap<string, string>,
): Promise<{ entries: number }> {
  let count = 0;
  for await (const entry of entries) {
    const verdict = entry.verdict === null ? null : await getJson(store, entry.verdict.ref, Verdict);
    await write(
      Buffer.from(`${JSON.stringify(ReleasedLedgerEntry.parse({ ...entry, verdict, row_sha256: hashes.get(entry.id) ?? null }))}\n`),
    );
    count += 1;
  }
  return { entries: count };
}
