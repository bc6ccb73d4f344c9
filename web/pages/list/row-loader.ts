import type { RowPage, ViewRow } from '../../../schemas/view-row.ts';

/** Rows of a list as far as they are there. */
export interface LoadedRows {
  rows: readonly ViewRow[];
  /** Where each loaded page begins: the place in `rows`, and the `after` that gives it. */
  starts: readonly { place: number; after: string | null }[];
  /** The first page as it came last: totals and facets. */
  page: RowPage | undefined;
  /** For the next page; null at the end. */
  next: string | null;
  busy: boolean;
  problem: string | null;
}

const nothing: LoadedRows = { rows: [], starts: [], page: undefined, next: null, busy: true, problem: null };

/**
 * The rows of one query, page after page as the reader comes to them. Pages of a query that nobody looks at any more are
 * thrown away when they come.
 */
export class RowLoader {
  readonly #ask: (after: string | null) => Promise<RowPage>;
  readonly #tell: (rows: LoadedRows) => void;
  #state = nothing;
  #ended = false;
  #from: string | null = null;

  constructor(ask: (after: string | null) => Promise<RowPage>, tell: (rows: LoadedRows) => void) {
    this.#ask = ask;
    this.#tell = tell;
  }

  /** The first page to show, which begins after a place of the list. */
  async begin(from: string | null): Promise<void> {
    this.#from = from;
    await this.#load(async () => {
      const page = await this.#ask(from);
      return { rows: page.rows, starts: [{ place: 0, after: from }], page, next: page.next };
    });
  }

  /** One page more, unless it is on its way or the list has ended. */
  async more(): Promise<void> {
    const { next, busy, rows, starts } = this.#state;
    if (busy || next === null) return;
    await this.#load(async () => {
      const page = await this.#ask(next);
      return { rows: [...rows, ...page.rows], starts: [...starts, { place: rows.length, after: next }], page, next: page.next };
    });
  }

  /** Looks whether the list changed and reads again what is there, all at once, so that the reader never sees a part of it. */
  async renew(): Promise<void> {
    const { busy, page: known, rows: before, starts } = this.#state;
    if (busy) return;
    // The first page did not come.
    if (known === undefined) return await this.begin(this.#from);
    await this.#load(async () => {
      let after = starts[0]?.after ?? null;
      let page = await this.#ask(after);
      if (page.version === known.version) return {};
      const rows: ViewRow[] = [...page.rows];
      const renewed = [{ place: 0, after }];
      while (rows.length < before.length && page.next !== null) {
        after = page.next;
        renewed.push({ place: rows.length, after });
        page = await this.#ask(after);
        rows.push(...page.rows);
      }
      return { rows, starts: renewed, page, next: page.next };
    });
  }

  end(): void {
    this.#ended = true;
  }

  async #load(read: () => Promise<Partial<LoadedRows>>): Promise<void> {
    this.#change({ busy: true });
    try {
      this.#change({ ...(await read()), busy: false, problem: null });
    } catch (error) {
      this.#change({ busy: false, problem: error instanceof Error ? error.message : String(error) });
    }
  }

  #change(part: Partial<LoadedRows>): void {
    if (this.#ended) return;
    this.#state = { ...this.#state, ...part };
    this.#tell(this.#state);
  }
}
