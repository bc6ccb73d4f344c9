import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import { ReleasedLedgerEntry } from '../../schemas/release.ts';

/** Writes every row ever produced, one JSON line each, in the order given. Durable when it resolves. */
export async function writeLedger(
  path: string,
  entries: Iterable<LedgerEntry>,
): Promise<{ sha256: string; size_bytes: number; entries: number }> {
  const file = await open(path, 'w');
  try {
    const digest = createHash('sha256');
    const written = { size_bytes: 0, entries: 0 };
    for (const entry of entries) {
      const line = Buffer.from(`${JSON.stringify(ReleasedLedgerEntry.parse(entry))}\n`);
      digest.update(line);
      await file.writeFile(line);
      written.size_bytes += line.length;
      written.entries += 1;
    }
    await file.sync();
    return { sha256: digest.digest('hex'), ...written };
  } finally {
    await file.close();
  }
}
