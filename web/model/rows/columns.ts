import type { ViewRow } from '../../../schemas/view-row.ts';

/** A column of a list with its values as numbers: of text the place in `values`, which is sorted; NaN where unknown. */
export interface Column {
  kind: 'text' | 'number' | 'words';
  keys: Float64Array;
  /** Of `text` and `words`: each different value once, sorted. */
  values: string[];
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
  if (numberColumns.has(name)) {
    return { kind: 'number', keys: Float64Array.from(rows, (row) => numberOf(row[name])), values: [] };
  }
  const texts = rows.map((row) => String(row[name] ?? ''));
  const values = [...new Set(texts)].sort(byCodeUnits);
  const places = new Map(values.map((value, place) => [value, place]));
  const keys = Float64Array.from(texts, (text) => places.get(text) ?? Number.NaN);
  return { kind: wordColumns.has(name) ? 'words' : 'text', keys, values };
}

function numberOf(value: string | number | null): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/** The same order in every browser and on every machine, whatever its language. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
