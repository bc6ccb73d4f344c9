import { overlaps, sizeOf, type Span, union } from './span.ts';

/** A set of whole numbers. Its spans are in rising order and as few as possible. */
export class SpanSet {
  private spans: Span[] = [];

  /** Adds all numbers from `first` to `last`; throws a RangeError when they are not whole numbers in this order. */
  add(first: number, last = first): this {
    if (!Number.isInteger(first) || !Number.isInteger(last) || first > last) throw new RangeError(`not a span: ${first}-${last}`);
    let added: Span = { first, last };
    const apart: Span[] = [];
    for (const span of this.spans) {
      if (overlaps(span, added)) added = union(span, added);
      else apart.push(span);
    }
    this.spans = [...apart, added].sort((a, b) => a.first - b.first);
    return this;
  }

  has(value: number): boolean {
    return this.spans.some(({ first, last }) => first <= value && value <= last);
  }

  /** How many numbers the set holds. */
  get size(): number {
    return this.spans.reduce((sum, span) => sum + sizeOf(span), 0);
  }

  /** The spans, such as `1-4,9`. */
  toString(): string {
    return this.spans.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
  }
}
