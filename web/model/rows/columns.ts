import type { ViewRow } from '../../../schemas/view-row.ts';

/** A column of a list: each different value once, sorted, and by row the place of its value among them. */
export type Column = TextColumn | NumberColumn;

interface Places {
  /** `values.length` where the value is unknown. */
  places: Uint32Array;
}

/** No text is unknown: it may be empty. */
interface TextColumn extends Places {
  kind: 'text' | 'words';
  values: readonly string[];
}

interface NumberColumn extends Places {
  kind: 'number';
  values: Float64Array;
}

/** Columns that hold several words with a space between; a filter asks for one of them. */
const wordColumns: ReadonlySet<string> = new Set(['categories']);

const numberColumns: ReadonlySet<string> = new Set([
  'sample',
  'resolved',
  'turns',
  'prompt_tokens',
  'completion_tokens',
  'cost_usd',
  'bytes',
  'seconds',
  'findings',
]);

/** Names of all columns of a list, in the order of the shape. */
export const columnNames = [
  'id',
  'instance_id',
  'repo',
  'language',
  'license',
  'harness',
  'mode',
  'model',
  'sample',
  'stage',
  'ending',
  'fate',
  'rule',
  'resolved',
  'turns',
  'prompt_tokens',
  'completion_tokens',
  'cost_usd',
  'bytes',
  'seconds',
  'findings',
  'categories',
] as const satisfies readonly (keyof ViewRow)[];
export type ColumnName = (typeof columnNames)[number];

/** Whether a text, as of an address, names a column. */
export function isColumn(name: string): name is ColumnName {
  return columnNames.some((known) => known === name);
}

/** One column of many rows. A number that is none (NaN) counts as unknown. */
export function columnOf(rows: readonly ViewRow[], name: ColumnName): Column {
  return numberColumns.has(name) ? numberColumn(rows, name) : textColumn(rows, name);
}

function textColumn(rows: readonly ViewRow[], name: ColumnName): TextColumn {
  const numbers = new Map<string, number>();
  const seen = new Uint32Array(rows.length);
  rows.forEach((row, at) => {
    const text = String(row[name] ?? '');
    const number = numbers.get(text) ?? numbers.size;
    if (number === numbers.size) numbers.set(text, number);
    seen[at] = number;
  });
  const values = [...numbers.keys()].sort(byCodeUnits);
  const placeOfNumber = new Uint32Array(values.length);
  for (const [place, value] of values.entries()) placeOfNumber[numbers.get(value) ?? 0] = place;
  return { kind: wordColumns.has(name) ? 'words' : 'text', places: seen.map((number) => placeOfNumber[number] ?? 0), values };
}

function numberColumn(rows: readonly ViewRow[], name: ColumnName): NumberColumn {
  const numbers = new Float64Array(rows.length);
  rows.forEach((row, at) => (numbers[at] = numberOf(row[name])));
  // Sorting numbers without a function of comparison takes a tenth of the time.
  const known = numbers.filter((number) => !Number.isNaN(number)).sort();
  const values = known.filter((number, at) => at === 0 || number !== known[at - 1]);
  const places = new Uint32Array(rows.length);
  numbers.forEach((number, at) => (places[at] = Number.isNaN(number) ? values.length : firstPlace(values, number)));
  return { kind: 'number', places, values };
}

function numberOf(value: string | number | null): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/**
 * Where a value of a page stands among those of a column, as `places` count; half a place before the next one where it is
 * none of them.
 */
export function placeOf({ kind, values }: Column, value: string | number | null): number {
  if (kind === 'number') {
    if (typeof value !== 'number' || Number.isNaN(value)) return values.length;
    const place = firstPlace(values, value);
    return values[place] === value ? place : place - 0.5;
  }
  const text = String(value ?? '');
  const place = firstPlace(values, text);
  return values[place] === text ? place : place - 0.5;
}

/** The place of the first of sorted values that is not below this one. */
function firstPlace<T extends string | number>(values: ArrayLike<T>, value: T): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = values[middle];
    if (other !== undefined && other < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows of this order by the values of a column, unknown ones last whichever way; rows of one value stay as they were. */
export function orderBy({ places, values }: Column, rows: Uint32Array, descending: boolean): Uint32Array {
  const { length } = values;
  const turned = (place: number) => (descending && place < length ? length - 1 - place : place);
  const next = new Uint32Array(length + 2);
  for (const place of places) next[turned(place) + 1] = (next[turned(place) + 1] ?? 0) + 1;
  for (let at = 1; at < next.length; at += 1) next[at] = (next[at] ?? 0) + (next[at - 1] ?? 0);
  const order = new Uint32Array(rows.length);
  for (const row of rows) {
    const place = turned(places[row] ?? length);
    const at = next[place] ?? 0;
    order[at] = row;
    next[place] = at + 1;
  }
  return order;
}

/** The same order in every browser and on every machine, whatever its language. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
