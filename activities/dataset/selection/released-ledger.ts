import type { LedgerEntry } from '../../../schemas/ledger-entry.ts';
import type { PrivateKind } from '../../../schemas/private-text.ts';
import { ReleasedLedgerEntry } from '../../../schemas/release.ts';
import { Verdict } from '../../../schemas/verdict.ts';
import { type ArtifactStore, getJson } from '../../artifacts/store.ts';
import { redactEntry } from './redact-row.ts';

/** Verdicts read at once: each is a way to the disk and back. */
const entriesAtOnce = 32;

interface LedgerSources {
  store: ArtifactStore;
  /** sha256 of the row that the release has of an entry; null where it has none. */
  hashOf: (entry: LedgerEntry) => string | null;
  redact?: readonly PrivateKind[];
}

/** Writes every row ever produced, one JSON line each, in the order given, with its whole verdict from the store. */
export async function writeLedger(
  write: (bytes: Uint8Array) => Promise<void>,
  entries: AsyncIterable<LedgerEntry>,
  sources: LedgerSources,
): Promise<{ entries: number; redacted: number }> {
  let [count, redacted] = [0, 0];
  let page: LedgerEntry[] = [];
  const flush = async () => {
    const lines = await Promise.all(page.map(async (entry) => await lineOf(entry, sources)));
    await write(Buffer.from(lines.map(({ line }) => line).join('')));
    redacted += lines.filter(({ places }) => places > 0).length;
    count += lines.length;
    page = [];
  };
  for await (const entry of entries) if (page.push(entry) === entriesAtOnce) await flush();
  if (page.length > 0) await flush();
  return { entries: count, redacted };
}

async function lineOf(entry: LedgerEntry, { store, hashOf, redact = [] }: LedgerSources): Promise<{ line: string; places: number }> {
  const verdict = entry.verdict === null ? null : await getJson(store, entry.verdict.ref, Verdict);
  const released = ReleasedLedgerEntry.parse({ ...entry, verdict, row_sha256: hashOf(entry) });
  const { entry: published, places } = redact.length === 0 ? { entry: released, places: 0 } : redactEntry(released, redact);
  return { line: `${JSON.stringify(published)}\n`, places };
}
