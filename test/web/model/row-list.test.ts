import { describe, expect, it } from 'vitest';
import type { RowQuery, ViewRow } from '../../../schemas/view-row.ts';
import { columnNames } from '../../../web/model/rows/columns.ts';
import { BadQuery, RowList } from '../../../web/model/rows/row-list.ts';

function row(number: number, change: Partial<ViewRow> = {}): ViewRow {
  const id = `demo/task-${String(number).padStart(5, '0')}/openhands/think/0`;
  return {
    id,
    instance_id: `task-${number}`,
    repo: `acme/repo-${number % 50}`,
    language: ['python', 'go', 'rust'][number % 3] ?? '',
    license: 'MIT',
    harness: 'openhands',
    mode: 'think',
    model: 'scripted',
    sample: 0,
    stage: 'done',
    ending: 'finished',
    fate: number % 2 === 0 ? 'kept' : 'dropped',
    rule: number % 2 === 0 ? '' : 'stuck',
    resolved: number % 2 === 0 ? 1 : null,
    turns: (number * 7919) % 101,
    prompt_tokens: number,
    completion_tokens: number,
    cost_usd: number / 1000,
    bytes: null,
    seconds: null,
    findings: 0,
    categories: number % 10 === 0 ? 'LOCAL_GIT MEMORY' : '',
    ...change,
  };
}

const query = (change: Partial<RowQuery> = {}): RowQuery => ({
  where: {},
  text: '',
  sort: '',
  descending: false,
  after: null,
  limit: 100,
  ...change,
});

const many = (count: number) => Array.from({ length: count }, (_, number) => row(number));

describe('a list of rows', () => {
  it('gives every row once, page after page, in the order asked for', () => {
    const list = new RowList(many(1000), '1');
    for (const descending of [false, true]) {
      const seen: ViewRow[] = [];
      for (let after: string | null = null; ; ) {
        const page = list.page(query({ sort: 'turns', descending, after, limit: 37 }));
        expect(page).toMatchObject({ matched: 1000, total: 1000 });
        seen.push(...page.rows);
        if (page.next === null) break;
        after = page.next;
      }
      expect(new Set(seen.map(({ id }) => id)).size).toBe(1000);
      const turns = seen.map((shown) => shown.turns ?? 0);
      expect(turns).toEqual(turns.toSorted((a, b) => (descending ? b - a : a - b)));
    }
  });

  it('goes on behind a row that is gone or has another value by now', () => {
    const before = new RowList(many(100), '1').page(query({ sort: 'repo', limit: 10 }));
    const last = before.rows.at(-1)?.id;
    const list = new RowList(
      many(100).filter(({ id }) => id !== last),
      '2',
    );
    const next = list.page(query({ sort: 'repo', limit: 100, after: before.next }));
    expect(next.rows).toHaveLength(90);
    expect(next.rows.some(({ id }) => before.rows.some((shown) => shown.id === id))).toBe(false);
  });

  it('puts what is unknown last, whichever way it sorts, and null and NaN are unknown alike', () => {
    const rows = [row(1, { turns: null }), row(2, { turns: 5 }), row(3, { turns: Number.NaN }), row(4, { turns: 9 })];
    const list = new RowList(rows, '1');
    const turns = (descending: boolean) => list.page(query({ sort: 'turns', descending })).rows.map((shown) => shown.instance_id);
    expect(turns(false)).toEqual(['task-2', 'task-4', 'task-1', 'task-3']);
    expect(turns(true)).toEqual(['task-4', 'task-2', 'task-1', 'task-3']);
    const first = list.page(query({ sort: 'turns', limit: 3 }));
    expect(list.page(query({ sort: 'turns', after: first.next })).rows.map(({ instance_id }) => instance_id)).toEqual(['task-3']);
  });

  it('takes several values of a column as alternatives, columns together, and an empty value as unknown', () => {
    const list = new RowList(many(300), '1');
    expect(list.page(query({ where: { language: ['go', 'rust'] } })).matched).toBe(200);
    expect(list.page(query({ where: { language: ['go'], fate: ['kept'] } })).matched).toBe(50);
    expect(list.page(query({ where: { resolved: ['1'] } })).matched).toBe(150);
    expect(list.page(query({ where: { resolved: [''] } })).matched).toBe(150);
    expect(list.page(query({ where: { categories: ['MEMORY'] } })).matched).toBe(30);
    expect(list.page(query({ where: { language: [] } })).matched).toBe(300);
  });

  it('finds words in any case and order, also in text that is no pattern', () => {
    const list = new RowList([row(1, { repo: 'Acme/Parser.(x)' }), row(2)], '1');
    expect(list.page(query({ text: 'PARSER.( acme' })).matched).toBe(1);
    expect(list.page(query({ text: 'nowhere' }))).toMatchObject({ matched: 0, total: 2, rows: [], next: null });
  });

  it('counts the values of the rows that match, exactly', () => {
    const { facets } = new RowList(many(300), '1').page(query({ where: { fate: ['dropped'] }, limit: 1 }));
    expect(facets).toMatchObject({ fate: { dropped: 150 }, rule: { stuck: 150 }, language: { go: 50, python: 50, rust: 50 } });
    expect(facets['resolved']).toEqual({ '': 150 });
  });

  it('says which part of an address asks for what no list has', () => {
    const list = new RowList(many(3), '1');
    expect(() => list.page(query({ sort: 'colour' }))).toThrow(BadQuery);
    expect(() => list.page(query({ where: { __proto__x: ['1'] } }))).toThrow(BadQuery);
    expect(() => list.page(query({ sort: 'constructor' }))).toThrow(BadQuery);
    expect(() => list.page(query({ after: '{"a":1}' }))).toThrow(BadQuery);
  });

  it('answers after a change as a list that was made anew does', () => {
    const rows = many(200);
    const before = new RowList(rows, '1');
    const asked = columnNames.flatMap((sort) => [query({ sort }), query({ sort, descending: true, text: 'repo-1' })]);
    for (const one of asked) before.page(one);
    const changes: Partial<ViewRow>[] = [{ turns: 5000 }, { fate: 'lost', resolved: -1 }, { repo: 'acme/other' }, { id: 'zzz' }, {}];
    for (const change of changes) {
      const changed = rows.map((old, number) => (number === 17 ? { ...old, ...change } : old));
      const list = new RowList(changed, '2', before);
      for (const one of asked) expect(list.page(one)).toEqual(new RowList(changed, '2').page(one));
    }
    const fewer = rows.slice(1);
    expect(new RowList(fewer, '2', before).page(query())).toEqual(new RowList(fewer, '2').page(query()));
  });

  it('behaviour 8: sorts and filters 80,000 rows by any column in a moment, with exact totals', () => {
    const list = new RowList(many(80_000), '1');
    const page = list.page(query({ where: { language: ['go'] }, sort: 'turns', descending: true }));
    expect(page).toMatchObject({ matched: 26_667, total: 80_000 });
    expect(page.rows).toHaveLength(100);
    const spent = columnNames.map((sort) => {
      const started = process.cpuUsage();
      expect(list.page(query({ where: { language: ['go'] }, sort })).matched).toBe(26_667);
      const { user, system } = process.cpuUsage(started);
      return (user + system) / 1000;
    });
    // The bench measures the 200 ms that are promised; here other tests run on the same cores.
    expect(spent.toSorted((a, b) => a - b)[Math.floor(spent.length / 2)]).toBeLessThan(200);
  });
});
