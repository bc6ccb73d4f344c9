import { elementScroll, measureElement, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { GroupRow } from './group-row.tsx';
import { type ListRow, rowIndex } from './list-rows.ts';
import { TurnRow } from './turn-row.tsx';
import { type RunView, windowTurns } from './run-view.ts';

/** Pixels from the end within which the reader is at the end. */
const nearEnd = 40;

/** The turns of a run, of which only those in sight are in the page. */
export function TurnList({ view }: { view: RunView }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const base = view.base.value;
  const rows = view.rows.value;
  // Rows beyond those in sight come when these have been seen.
  const [overscan, setOverscan] = useState(0);
  useEffect(() => setOverscan(3), []);
  const count = rows.length;
  // One function as long as the rows are the same: for another, all are laid out anew.
  const getItemKey = useCallback((index: number) => `${rows[index]?.kind} ${rows[index]?.seq}`, [rows]);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: (index: number) => estimate(view, rows[index]),
    getItemKey,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    measureElement,
    overscan,
    onChange: () => redraw(0),
    // Where the list begins and how much of it is in sight, until the browser says so: the first rows are drawn once, in place.
    initialOffset: () => offsetOf(view, rows),
    initialRect: { width: 0, height: innerHeight / 2 },
  };
  const [virtual] = useState(() => new Virtualizer<HTMLDivElement, HTMLDivElement>(options));
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  useWishes(view, virtual, rows);
  useEnd(view, virtual, rows);
  const items = virtual.getVirtualItems();
  useFollowing(view, virtual, base, rows);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <div class="turns" ref={scroller} tabIndex={0} role="feed" aria-label="turns of the run" aria-busy={count === 0}>
      {/* Its height stands for all turns laid out. */}
      <div class="turns-height" style={{ height: `${virtual.getTotalSize()}px` }}>
        {items.map((item) => (
          <div
            key={item.key}
            data-index={item.index}
            class="turns-row"
            ref={virtual.measureElement}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            <Row row={rows[item.index]} view={view} />
          </div>
        ))}
      </div>
    </div>
  );
}

/** A row, drawn again when it is another or what it shows has changed, and not with each step of scrolling. */
function Row({ row, view }: { row: ListRow | undefined; view: RunView }) {
  return useMemo(() => {
    if (row === undefined) return null;
    return row.kind === 'group' ? <GroupRow group={row} view={view} /> : <TurnRow seq={row.seq} view={view} />;
  }, [row, view]);
}

/** Pixels that a row will have, as far as its size says. */
function estimate(view: RunView, row: ListRow | undefined): number {
  if (row?.kind !== 'turn') return 30;
  return Math.min(900, 60 + Math.ceil((view.store.entry(row.seq)?.bytes ?? 0) / 90) * 17);
}

/** Pixels before the row that is wanted at the top, as far as sizes say. */
function offsetOf(view: RunView, rows: readonly ListRow[]): number {
  const before = rows.slice(0, Math.max(0, topIndex(rows, view.wish.value.seq)));
  return before.reduce((sum, row) => sum + estimate(view, row), 0);
}

type List = Virtualizer<HTMLDivElement, HTMLDivElement>;

/** Scrolls where somebody wants to be, and again as long as texts come whose heights were guessed, until the reader scrolls. */
function useWishes(view: RunView, virtual: List, rows: readonly ListRow[]): void {
  const { seq, number } = view.wish.value;
  const settled = useRef(0);
  const count = rows.length;
  const ready = count > 0 && view.store.turn(seq) !== undefined;
  const arrived = view.store.arrived.value;
  useLayoutEffect(() => {
    if (number === 0 || count === 0 || settled.current === number) return undefined;
    const to = () => virtual.scrollToIndex(Math.max(0, topIndex(rows, seq)), { align: 'start' });
    to();
    if (!ready) return undefined;
    const timer = setTimeout(() => {
      to();
      settled.current = number;
    }, 250);
    return () => clearTimeout(timer);
  }, [number, rows, ready, arrived]);
  useEffect(() => {
    const element = virtual.scrollElement;
    const own = () => {
      settled.current = view.wish.value.number;
      view.scrolledByReader = true;
    };
    const kinds = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;
    for (const kind of kinds) element?.addEventListener(kind, own, { passive: true });
    return () => {
      for (const kind of kinds) element?.removeEventListener(kind, own);
    };
  }, []);
}

/** The row that comes to the top for a turn: its own, or the head of the group that it is the first of. */
function topIndex(rows: readonly ListRow[], seq: number): number {
  const index = rowIndex(rows, seq);
  const before = rows[index - 1];
  return before?.kind === 'group' && before.seq === seq ? index - 1 : index;
}

/** Follows a run that goes on while the reader is at its end, and else counts what came. */
function useEnd(view: RunView, virtual: List, rows: readonly ListRow[]): void {
  const turns = view.turns.value;
  const before = useRef(turns);
  const atEnd = useRef(false);
  useLayoutEffect(() => {
    if (turns > before.current && view.store.head.value?.open === true) {
      if (atEnd.current && turns <= view.base.value + windowTurns) {
        view.selected.value = turns - 1;
        virtual.scrollToIndex(rows.length - 1, { align: 'end' });
      } else view.seenTurns.value ??= before.current;
    }
    before.current = turns;
  }, [turns]);
  useEffect(() => {
    const scrolled = () => {
      const element = virtual.scrollElement;
      if (element === null) return;
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
      if (atEnd.current) view.seenTurns.value = null;
    };
    const element = virtual.scrollElement;
    element?.addEventListener('scroll', scrolled, { passive: true });
    return () => element?.removeEventListener('scroll', scrolled);
  }, []);
}

/** Lays out other turns before the reader comes to the end of those that are, and takes the turn in sight as the one keys start from. */
function useFollowing(view: RunView, virtual: List, base: number, rows: readonly ListRow[]): void {
  useEffect(() => {
    const settled = () => {
      const offset = virtual.scrollOffset ?? 0;
      const inSight = virtual
        .getVirtualItems()
        .filter(({ end, start }) => end > offset + 8 && start < offset + (virtual.scrollRect?.height ?? 0));
      const seq = rows[inSight[0]?.index ?? -1]?.seq;
      if (seq === undefined) return;
      const selected = rowIndex(rows, view.selected.value);
      if (view.scrolledByReader && !inSight.some(({ index }) => index === selected)) view.selected.value = seq;
      const margin = Math.min(200, Math.floor(rows.length / 5));
      const moreBefore = (inSight[0]?.index ?? 0) < margin && base > 0;
      const moreBehind = (inSight.at(-1)?.index ?? 0) > rows.length - margin && base + windowTurns < view.turns.value;
      if (!moreBefore && !moreBehind) return;
      const next = Math.max(0, base + (moreBehind ? 1 : -1) * (windowTurns / 2));
      view.base.value = next;
      view.wish.value = { seq, number: view.wish.value.number + 1 };
    };
    const element = virtual.scrollElement;
    element?.addEventListener('scrollend', settled);
    return () => element?.removeEventListener('scrollend', settled);
  }, [base, rows]);
}
