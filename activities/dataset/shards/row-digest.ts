import type { RowForm } from '../../../schemas/dataset-row.ts';
import type { Column } from '../../tables/columns.ts';
import { columnsOf } from './columns.ts';

/** A leaf in the words of DuckDB: the names down to it, null for the items of a list. */
interface Leaf {
  names: (string | null)[];
  isText: boolean;
}

/**
 * The digest of a row that the encoder of row groups gives, as an expression of DuckDB over the columns of a file. Not the hash that
 * manifests name, since readers write JSON in different ways. One hash of everything: a hash a value costs twice as much.
 */
export function digestSql(form: RowForm): string {
  const parts = columnsOf(form)
    .flatMap((column) => leavesOf(column, []))
    .flatMap((leaf) => [`coalesce(${shapeSql(leaf)}, '-')`, ...(leaf.isText ? [textSql(leaf)] : [])]);
  return `sha1(concat(${parts.join(', ')}))`;
}

/** `named`: whether the column has a name of its own in a query, as the item of a list has not. */
function leavesOf(column: Column, above: Leaf['names'], named = true): Leaf[] {
  const names = named ? [...above, column.name] : above;
  if (column.type === 'struct') return column.fields.flatMap((field) => leavesOf(field, names));
  if (column.type === 'list') return leavesOf(column.item, [...names, null], false);
  return [{ names, isText: column.type === 'string' }];
}

function shapeSql({ names, isText }: Leaf): string {
  return `${eachSql(names, (value) => (isText ? `strlen(${value})` : value))}::VARCHAR`;
}

function textSql({ names }: Leaf): string {
  const lists = names.filter((name) => name === null).length;
  let texts = eachSql(names, (value) => value);
  for (let list = 1; list < lists; list += 1) texts = `flatten(${texts})`;
  return lists === 0 ? texts : `array_to_string(${texts}, '')`;
}

/** What `of` makes of each value of a leaf, in lists as the values are. */
function eachSql(names: Leaf['names'], of: (value: string) => string, value = '', depth = 0): string {
  const [name, ...rest] = names;
  if (name === undefined) return of(value);
  if (name !== null) return eachSql(rest, of, value === '' ? `"${name}"` : `${value}."${name}"`, depth);
  const item = `x${depth}`;
  return `list_transform(${value}, lambda ${item}: ${eachSql(rest, of, item, depth + 1)})`;
}
