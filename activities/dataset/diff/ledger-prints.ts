import { createHash } from 'node:crypto';
import type { ReleasedLedgerEntry } from '../../../schemas/release.ts';

/** Two ledgers side by side: what each says of the rows that differ, and the ids on which they differ besides. */
export class LedgerPrints {
  readonly #wanted: ReadonlySet<string>;
  readonly #prints = new Map<string, string>();
  readonly before = new Map<string, ReleasedLedgerEntry>();
  readonly after = new Map<string, ReleasedLedgerEntry>();
  readonly otherwise: string[] = [];

  /** Whole entries are kept only of `wanted` ids. */
  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
  }

  addBefore(entry: ReleasedLedgerEntry): void {
    if (this.#wanted.has(entry.id)) this.before.set(entry.id, entry);
    else this.#prints.set(entry.id, print(entry));
  }

  addAfter(entry: ReleasedLedgerEntry): void {
    if (this.#wanted.has(entry.id)) this.after.set(entry.id, entry);
    else if (this.#prints.get(entry.id) !== print(entry)) this.otherwise.push(entry.id);
    this.#prints.delete(entry.id);
  }

  /** Once both were read: those that only the first ledger has differ, too. */
  end(): void {
    this.otherwise.push(...this.#prints.keys());
    this.otherwise.sort();
  }
}

/** What is decided of a row; how long it took and what it cost is not. */
function print({ kept, resolved, preset, decisions, findings, verdict }: ReleasedLedgerEntry): string {
  const text = JSON.stringify([kept, resolved, preset, decisions, findings, verdict]);
  return createHash('sha256').update(text).digest('base64').slice(0, 22);
}
