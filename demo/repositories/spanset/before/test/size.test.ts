import { describe, expect, it } from 'vitest';
import { SpanSet } from '../src/spanset.ts';

describe('size', () => {
  it('counts both ends', () => {
    expect(new SpanSet().add(1, 4).add(9).size).toBe(5);
  });

  it('counts no number twice', () => {
    expect(new SpanSet().add(1, 4).add(2, 3).size).toBe(4);
  });
});

describe('has', () => {
  it('knows both ends and nothing beyond', () => {
    const set = new SpanSet().add(3, 5);
    expect([2, 3, 5, 6].map((value) => set.has(value))).toEqual([false, true, true, false]);
  });
});
