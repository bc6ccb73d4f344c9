import type { HarnessName, Mode, RowLanguage } from '../../../schemas/names.ts';
import { retentionLengths, type TrainingCell } from '../../../schemas/training-files.ts';
import type { TokenCounts } from '../../rendering/conversation.ts';

interface CellName {
  harness: HarnessName;
  mode: Mode;
  language: RowLanguage;
}

/** Counts by cell what became of rows. Tallies of several threads add up to the same whatever their order. */
export class Tally {
  readonly #cells = new Map<string, TrainingCell>();

  /** A row that was written. */
  kept(name: CellName, counts: TokenCounts, escaped: boolean): void {
    const cell = this.#counted(name, counts);
    cell.rows += 1;
    if (escaped) cell.escaped += 1;
    cell.tokens += counts.tokens;
    cell.trained_tokens += counts.trained_tokens;
  }

  /** A row whose tokens were counted, and are too many. */
  overLong(name: CellName, counts: TokenCounts): void {
    this.#counted(name, counts);
    this.dropped(name, 'over_long');
  }

  /** A row that cannot be learned from. */
  dropped(name: CellName, code: string): void {
    const { dropped } = this.#cell(name);
    dropped[code] = (dropped[code] ?? 0) + 1;
  }

  add(cells: readonly TrainingCell[]): void {
    for (const other of cells) {
      const cell = this.#cell(other);
      cell.rows += other.rows;
      cell.tokens += other.tokens;
      cell.trained_tokens += other.trained_tokens;
      cell.escaped += other.escaped;
      cell.longest = Math.max(cell.longest, other.longest);
      for (const [code, rows] of Object.entries(other.dropped)) cell.dropped[code] = (cell.dropped[code] ?? 0) + rows;
      cell.retention.forEach((fit, index) => {
        fit.rows += other.retention[index]?.rows ?? 0;
      });
    }
  }

  /** Sorted by name, codes too: equal rows give equal text. */
  cells(): TrainingCell[] {
    return [...this.#cells.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => ({ ...cell, dropped: sorted(cell.dropped) }));
  }

  #counted(name: CellName, { tokens }: TokenCounts): TrainingCell {
    const cell = this.#cell(name);
    cell.longest = Math.max(cell.longest, tokens);
    for (const fit of cell.retention) if (tokens <= fit.tokens) fit.rows += 1;
    return cell;
  }

  #cell({ harness, mode, language }: CellName): TrainingCell {
    const key = `${harness}/${mode}/${language}`;
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    const cell: TrainingCell = {
      harness,
      mode,
      language,
      rows: 0,
      tokens: 0,
      trained_tokens: 0,
      dropped: {},
      escaped: 0,
      longest: 0,
      retention: retentionLengths.map((tokens) => ({ tokens, rows: 0 })),
    };
    this.#cells.set(key, cell);
    return cell;
  }
}

/** Sums over cells. */
export function totalsOf(cells: readonly TrainingCell[]): Pick<TrainingCell, 'rows' | 'tokens' | 'trained_tokens' | 'dropped'> {
  const sum = (of: (cell: TrainingCell) => number) => cells.reduce((total, cell) => total + of(cell), 0);
  const codes = [...new Set(cells.flatMap(({ dropped }) => Object.keys(dropped)))].sort();
  return {
    rows: sum(({ rows }) => rows),
    tokens: sum(({ tokens }) => tokens),
    trained_tokens: sum(({ trained_tokens }) => trained_tokens),
    dropped: Object.fromEntries(codes.map((code) => [code, sum(({ dropped }) => dropped[code] ?? 0)])),
  };
}

function sorted(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
