import { elementScroll, measureElement, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { TurnRow } from './turn-row.tsx';
import { type RunView, windowTurns } from './run-view.ts';

/** Pixels from the end within which the reader is at the end. */
const nearEnd = 40;

/** The turns of a run, of which only those in sight are in the page. */
export function TurnList({ view }: { view: RunView }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const base = view.base.value;
  const count = Math.max(0, Math.min(windowTurns, view.turns.value - base));
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: (index: number) => estimate(view.store.entry(base + index)?.bytes ?? 0),
    getItemKey: (index: number) => base + index,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    measureElement,
    overscan: 3,
    onChange: () => redraw(0),
  };
  const [virtual] = useState(() => new Virtualizer<HTMLDivElement, HTMLDivElement>(options));
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  useWishes(view, virtual, base, count);
  useEnd(view, virtual);
  const items = virtual.getVirtualItems();
  useFollowing(view, virtual, base, count);
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
            <TurnRow seq={base + item.index} view={view} />
          </div>
        ))}
      </div>
    </div>
  );
}

/** Pixels that a turn will have, as far as its size says. */
function estimate(bytes: number): number {
  return Math.min(900, 60 + Math.ceil(bytes / 90) * 17);
}

type List = Virtualizer<HTMLDivElement, HTMLDivElement>;

/** Scrolls where somebody wants to be, and again as long as texts come whose heights were guessed, until the reader scrolls. */
function useWishes(view: RunView, virtual: List, base: number, count: number): void {
  const { seq, number } = view.wish.value;
  const settled = useRef(0);
  const ready = count > 0 && view.store.turn(seq) !== undefined;
  const arrived = view.store.arrived.value;
  useLayoutEffect(() => {
    if (number === 0 || count === 0 || settled.current === number) return undefined;
    const to = () => virtual.scrollToIndex(Math.max(0, Math.min(count - 1, seq - base)), { align: 'start' });
    to();
    if (!ready) return undefined;
    const timer = setTimeout(() => {
      to();
      settled.current = number;
    }, 250);
    return () => clearTimeout(timer);
  }, [number, base, count === 0, ready, arrived]);
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

/** Follows a run that goes on while the reader is at its end, and else counts what came. */
function useEnd(view: RunView, virtual: List): void {
  const turns = view.turns.value;
  const before = useRef(turns);
  const atEnd = useRef(false);
  useLayoutEffect(() => {
    if (turns > before.current && view.store.head.value?.open === true) {
      if (atEnd.current && turns <= view.base.value + windowTurns) {
        view.selected.value = turns - 1;
        virtual.scrollToIndex(turns - 1 - view.base.value, { align: 'end' });
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
function useFollowing(view: RunView, virtual: List, base: number, count: number): void {
  useEffect(() => {
    const settled = () => {
      const offset = virtual.scrollOffset ?? 0;
      const inSight = virtual
        .getVirtualItems()
        .filter(({ end, start }) => end > offset + 8 && start < offset + (virtual.scrollRect?.height ?? 0));
      const first = inSight[0];
      if (first === undefined) return;
      const selected = view.selected.value - base;
      if (view.scrolledByReader && !inSight.some(({ index }) => index === selected)) view.selected.value = base + first.index;
      const moreBefore = first.index < 200 && base > 0;
      const moreBehind = first.index > count - 200 && base + count < view.turns.value;
      if (!moreBefore && !moreBehind) return;
      const seq = base + first.index;
      const next = Math.max(0, base + (moreBehind ? 1 : -1) * (windowTurns / 2));
      view.base.value = next;
      view.wish.value = { seq, number: view.wish.value.number + 1 };
    };
    const element = virtual.scrollElement;
    element?.addEventListener('scrollend', settled);
    return () => element?.removeEventListener('scrollend', settled);
  }, [base, count]);
}
