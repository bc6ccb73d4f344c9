import type { RowPage, RowQuery, ViewRow } from '../../../schemas/view-row.ts';
import { byCodeUnits, type Column, columnNames, type ColumnName, columnOf, isColumn, orderBy, placeOf } from './columns.ts';
import { cursorOf, readCursor } from './cursor.ts';
import { matcherOf } from './matcher.ts';
import { wordsOf } from './words.ts';

/** A query that asks for what no list has; `field` is the part of the address that does. */
export class BadQuery extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** Columns of which a page gets how many rows have each value. */
const facetColumns = [
  'language',
  'license',
  'harness',
  'mode',
  'model',
  'stage',
  'ending',
  'fate',
  'rule',
  'resolved',
  'categories',
] as const;

/** What words are looked for in. */
const searchColumns = ['id', 'instance_id', 'repo', 'model'] as const;

/** A column with more different values than these among the rows that match gets no counts. */
const mostFacets = 200;

/**
 * Rows of a list, ready to be filtered, sorted and given in pages; in Node and in browsers alike. Columns and orders are made
 * when they are first needed and kept: what a second query costs is one pass over the rows.
 */
export class RowList {
  readonly rows: readonly ViewRow[];
  readonly version: string;
  readonly #columns = new Map<ColumnName, Column>();
  readonly #orders = new Map<string, Uint32Array>();
  #texts: string[] | undefined;

  /** What was made for the list of `before` is kept where it holds still: where the rows that differ do not differ in that. */
  constructor(rows: readonly ViewRow[], version: string, before?: RowList) {
    this.rows = rows;
    this.version = version;
    if (before !== undefined && before.rows.length === rows.length) this.#keep(before);
  }

  #keep(before: RowList): void {
    const changed: [ViewRow, ViewRow][] = [];
    this.rows.forEach((row, at) => {
      const old = before.rows[at];
      if (old !== undefined && old !== row) changed.push([old, row]);
    });
    const same = (name: ColumnName) => changed.every(([old, row]) => old[name] === row[name]);
    for (const [name, column] of before.#columns) if (same(name)) this.#columns.set(name, column);
    if (!same('id')) return;
    for (const [name, order] of before.#orders) {
      const sort = name.replace(/^-/, '');
      if (isColumn(sort) && this.#columns.has(sort)) this.#orders.set(name, order);
    }
    if (searchColumns.every(same)) this.#texts = before.#texts;
  }

  /**
   * One page: rows that match in the order asked for, unknown values last whichever way; rows of the same value by id. Throws
   * `BadQuery` for a column that no list has, or an `after` that no page gave.
   */
  page({ where, text, sort: asked, descending, after, limit }: RowQuery): RowPage {
    const sort = asked === '' ? 'id' : asked;
    const order = this.#order(sort, descending);
    const matches = matcherOf(where, text, { column: (name) => this.#column(name), texts: () => this.#searchTexts() });
    const found: number[] = [];
    for (const place of order) if (matches(place)) found.push(place);
    const from = after === null ? 0 : this.#placeAfter(found, sort, descending, after);
    const shown = found.slice(from, from + limit);
    const last = shown.at(-1);
    const more = from + shown.length < found.length;
    return {
      rows: shown.flatMap((place) => this.rows[place] ?? []),
      matched: found.length,
      total: this.rows.length,
      next: more && last !== undefined ? this.#cursorAt(last, sort) : null,
      facets: this.#facets(found),
      version: this.version,
    };
  }

  #column(name: string): Column {
    if (!isColumn(name)) throw new BadQuery(name, `lists have no column ${name}; they have ${columnNames.join(', ')}`);
    const column = this.#columns.get(name) ?? columnOf(this.rows, name);
    this.#columns.set(name, column);
    return column;
  }

  #searchTexts(): string[] {
    this.#texts ??= this.rows.map((row) =>
      searchColumns
        .map((name) => row[name])
        .join('\n')
        .toLowerCase(),
    );
    return this.#texts;
  }

  #order(sort: string, descending: boolean): Uint32Array {
    const name = `${descending ? '-' : ''}${sort}`;
    const known = this.#orders.get(name);
    if (known !== undefined) return known;
    const before = sort === 'id' ? Uint32Array.from(this.rows.keys()) : this.#order('id', false);
    const order = orderBy(this.#column(sort), before, descending);
    this.#orders.set(name, order);
    return order;
  }

  #cursorAt(place: number, sort: string): string {
    const row = this.rows[place];
    return cursorOf(row !== undefined && isColumn(sort) ? row[sort] : null, row?.id ?? '');
  }

  /** The first of the rows found that comes after a value and id, whether a row has them still or not. */
  #placeAfter(found: readonly number[], sort: string, descending: boolean, after: string): number {
    const cursor = readCursor(after);
    if (cursor === undefined) throw new BadQuery('after', 'this is no place in a list; leave it away for the first page');
    const column = this.#column(sort);
    const own = placeOf(column, cursor.value);
    let low = 0;
    let high = found.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const place = found[middle] ?? 0;
      const side = comparePlaces(column, place, own, descending) || byCodeUnits(this.rows[place]?.id ?? '', cursor.id);
      if (side <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #facets(found: readonly number[]): RowPage['facets'] {
    const facets: RowPage['facets'] = {};
    for (const name of facetColumns) {
      const counts = countsOf(this.#column(name), found);
      if (Object.keys(counts).length <= mostFacets) facets[name] = counts;
    }
    return facets;
  }
}

/** The value of a row and a place among the values; what is unknown comes last in both directions. */
function comparePlaces({ places, values }: Column, row: number, other: number, descending: boolean): number {
  const own = places[row] ?? values.length;
  const unknown = Number(own === values.length) - Number(other === values.length);
  return unknown !== 0 || !descending ? unknown || own - other : other - own;
}

function countsOf({ kind, places, values }: Column, found: Iterable<number>): Record<string, number> {
  const counts = new Uint32Array(values.length + 1);
  for (const row of found) {
    const place = places[row] ?? values.length;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const named = new Map<string, number>();
  for (const [place, count] of counts.entries()) {
    if (count === 0) continue;
    const text = String(values[place] ?? '');
    for (const word of kind === 'words' ? wordsOf(text) : [text]) named.set(word, (named.get(word) ?? 0) + count);
  }
  return Object.fromEntries([...named].sort(([a], [b]) => byCodeUnits(a, b)));
}
