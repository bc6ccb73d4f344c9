/** All whole numbers from `first` to `last`, both included. */
export interface Span {
  first: number;
  last: number;
}

/** Whether the two overlap or lie side by side, so that their union is one span. */
export function meets(a: Span, b: Span): boolean {
  return a.first <= b.last + 1 && b.first <= a.last + 1;
}

export function union(a: Span, b: Span): Span {
  return { first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) };
}

export function sizeOf(span: Span): number {
  return span.last - span.first + 1;
}
