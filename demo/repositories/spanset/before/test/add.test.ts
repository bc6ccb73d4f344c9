import { describe, expect, it } from 'vitest';
import { SpanSet } from '../src/spanset.ts';

describe('add', () => {
  it('keeps spans apart', () => {
    expect(new SpanSet().add(9, 12).add(1, 4).toString()).toBe('1-4,9-12');
  });

  it('joins spans that overlap', () => {
    expect(new SpanSet().add(1, 5).add(4, 9).toString()).toBe('1-9');
  });

  it('refuses a span that runs backwards', () => {
    expect(() => new SpanSet().add(4, 1)).toThrow(RangeError);
  });
});
