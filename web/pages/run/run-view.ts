import { computed, signal } from '@preact/signals';
import { address, refine } from '../address.ts';
import { Finder } from './finder.ts';
import { type ListRow, listRows, rowIndex } from './list-rows.ts';
import { RunStore } from './run-store.ts';

/** Turns that the list lays out at once: browsers cannot scroll over the height of all turns of the longest runs. */
export const windowTurns = 10_000;

/** Where the reader is in one run, and what is folded open; whoever shows the run reads and changes it here. */
export class RunView {
  readonly store: RunStore;
  readonly finder: Finder;
  /** The turn that keys start from; -1 until the head says where to open. */
  readonly selected = signal(-1);
  /** First turn of those laid out. */
  readonly base = signal(0);
  /** A turn to bring to the top, and a number that goes up with each wish. */
  readonly wish = signal({ seq: 0, number: 0 });
  /** Whether the reader scrolled since the last wish: only then the turn in sight is the one that keys start from. */
  scrolledByReader = false;
  /** Parts that are not folded as they usually are, by `seq-part`. */
  readonly unfolded = signal<ReadonlyMap<string, boolean>>(new Map());
  /** Whole texts of parts that are shown cut, by blob. */
  readonly whole = signal<ReadonlyMap<string, string>>(new Map());
  /** Turns that came since the reader was at the end last; null while at the end. */
  readonly seenTurns = signal<number | null>(null);
  /** Said to people who do not see the page. */
  readonly said = signal('');
  readonly turns = computed(() => this.store.head.value?.turns ?? 0);
  /** Turns of low value that are shown, with those beside them. */
  readonly opened = signal<ReadonlySet<number>>(new Set());
  /** What the list lays out. */
  readonly rows = computed(() => {
    void this.store.arrived.value;
    const count = Math.max(0, Math.min(windowTurns, this.turns.value - this.base.value));
    return listRows(this.base.value, count, (seq) => this.store.entry(seq), this.opened.value);
  });

  constructor(collection: string, row: string) {
    this.store = new RunStore(collection, row);
    this.finder = new Finder(this.store, (seq, part) => this.showPart(seq, part));
  }

  /** Opens where the address says, else at the first finding, else at the first failure, else at the top. */
  begin(): void {
    const { head } = this.store;
    if (head.value === null) return;
    if (this.selected.value !== -1) {
      if (this.turns.value > 0 && this.selected.value >= this.turns.value) this.#beginAgain();
      return;
    }
    const given = address.value.query.get('turn');
    const asked = given === null || !/^\d+$/.test(given) ? undefined : Number(given);
    const findings = head.value.findings.map(({ seq }) => seq);
    const first = findings.length > 0 ? Math.min(...findings) : (head.value.errors.seqs[0] ?? 0);
    this.go(asked ?? first, { address: asked !== undefined, open: asked !== undefined });
  }

  /** The run became shorter: it was begun again, and the turn that the reader was at is not part of it. */
  #beginAgain(): void {
    this.said.value = 'this run was begun again from its start';
    this.seenTurns.value = null;
    this.go(this.turns.value - 1, { address: false });
  }

  /** Brings a turn to the top of the list, and into the address; `open` unfolds the turns of low value that it is folded with. */
  go(seq: number, { address = true, open = true } = {}): void {
    const to = Math.max(0, Math.min(seq, this.turns.value - 1));
    if (to < this.base.value || to >= this.base.value + windowTurns) this.base.value = baseFor(to);
    // Also where the index is not here yet, which says what is folded.
    if (open) this.opened.value = new Set([...this.opened.value, to]);
    this.selected.value = to;
    this.scrolledByReader = false;
    this.wish.value = { seq: to, number: this.wish.value.number + 1 };
    if (address) refine({ turn: String(to) });
  }

  /** The next or previous of some turns; says so where there is none. */
  step(seqs: readonly number[], forward: boolean, what: string): void {
    const sorted = [...new Set(seqs)].sort((a, b) => a - b);
    const here = this.selected.value;
    const next = forward ? sorted.find((seq) => seq > here) : sorted.findLast((seq) => seq < here);
    if (next === undefined) {
      this.said.value = sorted.length === 0 ? `no ${what} in this run` : `no ${what} ${forward ? 'behind' : 'before'} turn ${here}`;
      return;
    }
    this.said.value = `${what} ${sorted.indexOf(next) + 1} of ${sorted.length}`;
    this.go(next);
  }

  /** The row behind the one that the reader is at, or before it. */
  stepRow(forward: boolean): void {
    const here = this.selected.value;
    const rows = this.rows.value;
    const index = rowIndex(rows, here);
    const row = rows[index];
    if (row === undefined) {
      this.go(here + (forward ? 1 : -1), { open: false });
      return;
    }
    const beyond = forward ? (row.kind === 'group' ? row.last : here) + 1 : here - 1;
    const next = forward ? rows[index + 1]?.seq : rows.slice(0, index).findLast((each) => each.seq < here && !isOpenGroup(each))?.seq;
    this.go(next ?? beyond, { open: false });
  }

  /** Unfolds the turns of low value that the reader is at, or folds them again. */
  turnGroup(seq: number): void {
    const group = this.#groupOf(seq);
    if (group === undefined) return;
    const others = [...this.opened.value].filter((each) => each < group.seq || each > group.last);
    this.opened.value = new Set(group.open ? others : [...others, group.seq]);
    if (group.open && seq > group.seq) this.go(group.seq, { open: false });
  }

  #groupOf(seq: number): Extract<ListRow, { kind: 'group' }> | undefined {
    const rows = this.rows.value;
    const group = rows.slice(0, rowIndex(rows, seq) + 1).findLast((row) => row.kind === 'group');
    return group?.kind === 'group' && seq <= group.last ? group : undefined;
  }

  showPart(seq: number, part: number): void {
    this.fold(`${seq}-${part}`, true);
    this.go(seq);
  }

  fold(key: string, open: boolean): void {
    this.unfolded.value = new Map([...this.unfolded.value, [key, open]]);
  }

  /** Fetches a text that is shown cut. */
  async expand(blob: string): Promise<void> {
    const text = await this.store.blob(blob);
    this.whole.value = new Map([...this.whole.value, [blob, text]]);
  }

  close(): void {
    this.store.close();
    this.finder.close();
  }
}

function baseFor(seq: number): number {
  return Math.max(0, Math.floor(seq / (windowTurns / 2)) * (windowTurns / 2) - windowTurns / 2);
}

function isOpenGroup(row: ListRow): boolean {
  return row.kind === 'group' && row.open;
}
