import type { LedgerEntry } from '../../../schemas/ledger-entry.ts';
import type { PrivateKind } from '../../../schemas/private-text.ts';
import { ReleasedLedgerEntry } from '../../../schemas/release.ts';
import { Verdict } from '../../../schemas/verdict.ts';
import { type ArtifactStore, getJson } from '../../artifacts/store.ts';
import { redactEntry } from './redact-row.ts';

/**
 * Writes every row ever produced, one JSON line each, in the order given, with its whole verdict from the store. `hashes`: sha256 of the
 * rows that the release has, by id.
 */
export async function writeLedger(
  write: (bytes: Uint8Array) => Promise<void>,
  entries: AsyncIterable<LedgerEntry>,
  store: ArtifactStore,
  hashes: ReadonlyMap<string, string>,
  redact: readonly PrivateKind[] = [],
): Promise<{ entries: number; redacted: number }> {
  let [count, redacted] = [0, 0];
  for await (const entry of entries) {
    const verdict = entry.verdict === null ? null : await getJson(store, entry.verdict.ref, Verdict);
    const released = ReleasedLedgerEntry.parse({ ...entry, verdict, row_sha256: hashes.get(entry.id) ?? null });
    const { entry: published, places } = redact.length === 0 ? { entry: released, places: 0 } : redactEntry(released, redact);
    await write(Buffer.from(`${JSON.stringify(published)}\n`));
    if (places > 0) redacted += 1;
    count += 1;
  }
  return { entries: count, redacted };
}
