import { describe, expect, it } from 'vitest';
import { onScreen } from '../../cli/watch.ts';

describe('a text that is drawn again and again', () => {
  it('counts the rows into which a terminal breaks its lines, without what only colours them', () => {
    expect(onScreen(`one\n${'x'.repeat(161)}\n\n`, { columns: 80, rows: 24 })).toEqual({ text: `one\n${'x'.repeat(161)}\n\n`, rows: 6 });
    expect(onScreen('x'.repeat(80), { columns: 80, rows: 24 }).rows).toBe(1);
    expect(onScreen(`\u001B[31m${'é'.repeat(80)}\u001B[0m`, { columns: 80, rows: 24 }).rows).toBe(1);
  });

  it('ends before its first line would leave the top', () => {
    expect(onScreen(['a', 'b'.repeat(30), 'c', 'd'].join('\n'), { columns: 10, rows: 5 })).toEqual({
      text: ['a', 'b'.repeat(30), 'c'].join('\n'),
      rows: 5,
    });
    expect(onScreen('x'.repeat(100), { columns: 10, rows: 5 }).rows).toBe(10);
  });

  it('is whole where a terminal tells no size', () => {
    expect(onScreen(`${'x'.repeat(1000)}\nb`, { columns: 0, rows: -1 })).toEqual({ text: `${'x'.repeat(1000)}\nb`, rows: 2 });
  });
});
