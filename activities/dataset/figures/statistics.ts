import type { LedgerEntry } from '../../../schemas/ledger-entry.ts';
import type { RowStatistics } from '../../../schemas/release.ts';
import { isUnknown, type RowOrigin } from '../../../schemas/row-origin.ts';

type CountedCell = RowStatistics & { rows_with_tokens: number };
type Counted = Pick<LedgerEntry, 'key' | 'language' | 'resolved' | 'turns' | 'usage'> & { origin?: Pick<RowOrigin, 'lacks'> | undefined };

/** Sums over kept rows by harness, mode and language. */
export class Statistics {
  readonly #cells = new Map<string, CountedCell>();

  add({ key, language, resolved, turns, usage, origin }: Counted): void {
    const name = `${key.harness} ${key.mode} ${language}`;
    const cell = this.#cells.get(name) ?? emptyCell(key.harness, key.mode, language);
    this.#cells.set(name, {
      ...cell,
      rows: cell.rows + 1,
      resolved: cell.resolved + (resolved === 1 ? 1 : 0),
      unresolved: cell.unresolved + (resolved === 0 ? 1 : 0),
      unknown: cell.unknown + (resolved === -1 ? 1 : 0),
      turns: cell.turns + turns,
      prompt_tokens: cell.prompt_tokens + usage.prompt_tokens,
      completion_tokens: cell.completion_tokens + usage.completion_tokens,
      rows_with_tokens: cell.rows_with_tokens + (isUnknown(origin, 'tokens') ? 0 : 1),
    });
  }

  /** Sorted by harness, mode and language. */
  cells(): RowStatistics[] {
    return [...this.#cells.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
  }
}

function emptyCell(harness: RowStatistics['harness'], mode: RowStatistics['mode'], language: string): CountedCell {
  const nothing = {
    rows: 0,
    resolved: 0,
    unresolved: 0,
    unknown: 0,
    turns: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    rows_with_tokens: 0,
  };
  return { harness, mode, language, ...nothing };
}
