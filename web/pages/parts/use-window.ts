import { elementScroll, observeElementOffset, observeElementRect, type VirtualItem, Virtualizer } from '@tanstack/virtual-core';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

interface Windowed {
  items: readonly VirtualItem[];
  height: number;
  /** The first row that the reader sees. */
  first: number;
  show: (row: number, align?: 'auto' | 'start') => void;
}

/** Which of `count` rows of the same height are worth elements now, as the reader scrolls `element`. */
export function useWindow(element: () => HTMLElement | null, count: number, rowHeight: number): Windowed {
  const [, again] = useState(0);
  const [virtual] = useState(
    () => new Virtualizer<HTMLElement, HTMLElement>(options(element, count, rowHeight, () => again((turn) => turn + 1))),
  );
  virtual.setOptions(options(element, count, rowHeight, () => again((turn) => turn + 1)));
  useEffect(() => virtual._didMount(), [virtual]);
  useLayoutEffect(() => virtual._willUpdate());
  return {
    items: virtual.getVirtualItems(),
    height: virtual.getTotalSize(),
    first: Math.floor((virtual.scrollOffset ?? 0) / rowHeight),
    show: (row, align = 'auto') => virtual.scrollToIndex(row, { align }),
  };
}

function options(element: () => HTMLElement | null, count: number, rowHeight: number, onChange: () => void) {
  return {
    count,
    getScrollElement: element,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange,
  };
}
