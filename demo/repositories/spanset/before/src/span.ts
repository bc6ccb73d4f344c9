/** All whole numbers from `first` to `last`, both included. */
export interface Span {
  first: number;
  last: number;
}

export function overlaps(a: Span, b: Span): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function union(a: Span, b: Span): Span {
  return { first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) };
}

export function sizeOf(span: Span): number {
  return span.last - span.first + 1;
}
