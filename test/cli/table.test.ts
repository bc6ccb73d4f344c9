import { describe, expect, it } from 'vitest';
import { table } from '../../cli/table.ts';

describe('a table', () => {
  it('aligns columns, counts no colour codes, and shows what is absent as a dash', () => {
    const rows = [
      { name: 'one', state: '\u001b[32mok\u001b[39m', turns: 7 },
      { name: 'another', state: null, turns: 120 },
    ];
    const text = table(rows, [
      { title: 'name', value: ({ name }) => name },
      { title: 'state', value: ({ state }) => state },
      { title: 'turns', value: ({ turns }) => turns, align: 'right' },
    ]);
    expect(text.split('\n')).toEqual(['name     state  turns', 'one      \u001b[32mok\u001b[39m         7', 'another  –        120']);
  });
});
