import type { LedgerEntry } from '../../../schemas/ledger-entry.ts';
import type { CellDistributions, FindingRows, ReleaseFigures, RepositoryRows } from '../../../schemas/release-figures.ts';
import { isUnknown, type RowOrigin } from '../../../schemas/row-origin.ts';
import { binWidth, distributionOf } from './distribution.ts';

/** What figures are made of; the ledger of a home and that of a release both have it. */
type Counted = Pick<LedgerEntry, 'key' | 'repo' | 'license' | 'turns' | 'usage' | 'decisions' | 'findings'> & {
  origin?: Pick<RowOrigin, 'lacks'> | undefined;
};

interface Cell {
  harness: CellDistributions['harness'];
  mode: CellDistributions['mode'];
  turns: number[];
  completionTokens: number[];
}

/** Rules on what should not be published. */
export const privateRules = ['secrets', 'high_entropy', 'personal_data'];

/** Whether such a rule found something in a row. */
export function isFound(decisions: Counted['decisions'], rule: string): boolean {
  const said = decisions.find((decision) => decision.rule === rule)?.decision;
  return said === 'note' || said === 'drop';
}

/** Collects the figures of a release over all its entries, in any order. Holds two numbers a kept row. */
export class Figures {
  readonly #cells = new Map<string, Cell>();
  readonly #repositories = new Map<string, RepositoryRows>();
  readonly #findings = new Map<string, FindingRows>();
  readonly #private = privateRules.map((rule) => ({ rule, found: 0, clean: 0, not_judged: 0 }));
  readonly #nearDuplicates = { unlike: 0, kept: 0, left_out: 0, not_judged: 0 };

  /** `isRow`: whether the release has it. */
  add(entry: Counted, isRow: boolean): void {
    this.#addFindings(entry, isRow);
    this.#addNearDuplicate(entry, isRow);
    if (!isRow) return;
    const { key, repo, license } = entry;
    this.#addPrivate(entry);
    const cell = cellOf(this.#cells, key);
    cell.turns.push(entry.turns);
    if (!isUnknown(entry.origin, 'tokens')) cell.completionTokens.push(entry.usage.completion_tokens);
    const name = JSON.stringify([repo, license]);
    const repository = this.#repositories.get(name) ?? { repo, license, rows: 0 };
    this.#repositories.set(name, { ...repository, rows: repository.rows + 1 });
  }

  figures(): ReleaseFigures {
    return {
      distributions: this.#distributions(),
      repositories: sortedValues(this.#repositories),
      findings: sortedValues(this.#findings),
      near_duplicates: { ...this.#nearDuplicates },
      private: this.#private.map((counts) => ({ ...counts })),
    };
  }

  /** All cells have bins of one width, so that pictures of them can be compared. */
  #distributions(): CellDistributions[] {
    const cells = sortedValues(this.#cells);
    const turnWidth = binWidth(largestOf(cells.map(({ turns }) => turns)));
    const tokenWidth = binWidth(largestOf(cells.map(({ completionTokens }) => completionTokens)));
    return cells.map(({ harness, mode, turns, completionTokens }) => ({
      harness,
      mode,
      turns: distributionOf(turns, turnWidth),
      completion_tokens: distributionOf(completionTokens, tokenWidth),
    }));
  }

  #addFindings({ findings }: Counted, isRow: boolean): void {
    const seen = new Set<string>();
    for (const { category, severity } of findings) {
      const name = `${category} ${severity}`;
      const counts = this.#findings.get(name) ?? { category, severity, findings: 0, kept_rows: 0, other_rows: 0 };
      const isFirst = !seen.has(name);
      seen.add(name);
      this.#findings.set(name, {
        ...counts,
        findings: counts.findings + 1,
        kept_rows: counts.kept_rows + (isFirst && isRow ? 1 : 0),
        other_rows: counts.other_rows + (isFirst && !isRow ? 1 : 0),
      });
    }
  }

  #addPrivate({ decisions }: Counted): void {
    for (const counts of this.#private) {
      const decision = decisions.find(({ rule }) => rule === counts.rule)?.decision;
      if (decision === 'keep') counts.clean += 1;
      else if (isFound(decisions, counts.rule)) counts.found += 1;
      else counts.not_judged += 1;
    }
  }

  /** Rows that another rule had dropped before are compared with none, and are counted nowhere here. */
  #addNearDuplicate({ decisions }: Counted, isRow: boolean): void {
    const said = decisions.find(({ rule }) => rule === 'near_duplicate')?.decision;
    if (said === 'keep') this.#nearDuplicates.unlike += 1;
    else if (said === 'note' && isRow) this.#nearDuplicates.kept += 1;
    else if (said === 'note' || said === 'drop') this.#nearDuplicates.left_out += 1;
    else if (said === 'not_judged' || isRow) this.#nearDuplicates.not_judged += 1;
  }
}

function cellOf(cells: Map<string, Cell>, { harness, mode }: Counted['key']): Cell {
  const name = `${harness} ${mode}`;
  const known = cells.get(name);
  if (known !== undefined) return known;
  const cell: Cell = { harness, mode, turns: [], completionTokens: [] };
  cells.set(name, cell);
  return cell;
}

function sortedValues<T>(values: ReadonlyMap<string, T>): T[] {
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** Without spreading: there may be more numbers than a call takes arguments. */
function largestOf(lists: readonly (readonly number[])[]): number {
  return lists.reduce((largest, list) => list.reduce((most, number) => Math.max(most, number), largest), 0);
}
