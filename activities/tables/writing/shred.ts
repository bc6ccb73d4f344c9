import { isRecord } from '../../../schemas/is-record.ts';
import type { Column } from '../columns.ts';
import { Leaf } from './leaf.ts';

/** Writes one value of a column into the leaves below it, at the levels of what is around it. */
interface Shredder {
  add(value: unknown, repetition: number, definition: number): void;
  /** An empty list is above: there is a slot, and no value. */
  addNothing(repetition: number, definition: number): void;
  leaves: Leaf[];
}

export interface LeafOptions {
  /** Columns and fields whose texts hardly ever repeat, by name. */
  plain: ReadonlySet<string>;
  /** Columns whose least and greatest values are kept, by name. */
  bounded: ReadonlySet<string>;
}

interface Above {
  path: string[];
  definition: number;
  repetition: number;
  /** Name of the column at the top. */
  column: string;
}

/** Rows become leaf columns; the shapes are those that pyarrow gives lists and structs of which everything may be null. */
export function shredderOf(column: Column, options: LeafOptions): Shredder {
  return below(column, { path: [], definition: 0, repetition: 0, column: column.name }, options);
}

function below(column: Column, above: Above, options: LeafOptions): Shredder {
  const path = [...above.path, column.name];
  if (column.type === 'struct') return ofStruct(column, { ...above, path, definition: above.definition + 1 }, options);
  if (column.type === 'list') return ofList(column, { ...above, path }, options);
  return ofLeaf(column.type, { ...above, path }, options);
}

function ofLeaf(type: 'string' | 'int32' | 'bool', { path, definition, repetition, column }: Above, options: LeafOptions): Shredder {
  const repeats = !path.some((name) => options.plain.has(name));
  const place = { path, type, maxDefinition: definition + 1, maxRepetition: repetition };
  const leaf = new Leaf(place, { repeats, bounded: options.bounded.has(column) });
  return {
    leaves: [leaf],
    add(value, repetition, definition) {
      if (value === null || value === undefined) leaf.addNull(repetition, definition);
      else leaf.add(value, repetition);
    },
    addNothing: (repetition, definition) => leaf.addNothing(repetition, definition),
  };
}

function ofStruct({ fields }: Extract<Column, { type: 'struct' }>, inside: Above, options: LeafOptions): Shredder {
  const parts = fields.map((field) => ({ name: field.name, part: below(field, inside, options) }));
  return {
    leaves: parts.flatMap(({ part }) => part.leaves),
    add(value, repetition, definition) {
      if (value === null || value === undefined) for (const { part } of parts) part.add(null, repetition, definition);
      else if (isRecord(value)) for (const { name, part } of parts) part.add(value[name], repetition, definition + 1);
      else throw new TypeError(`${inside.path.join('.')} is no struct`);
    },
    addNothing(repetition, definition) {
      for (const { part } of parts) part.addNothing(repetition, definition);
    },
  };
}

function ofList({ item }: Extract<Column, { type: 'list' }>, list: Above, options: LeafOptions): Shredder {
  const itemRepetition = list.repetition + 1;
  const inside = { ...list, path: [...list.path, 'list'], definition: list.definition + 2, repetition: itemRepetition };
  const part = below(item, inside, options);
  const { leaves } = part;
  return {
    leaves,
    add(value, repetition, definition) {
      if (value === null || value === undefined) return part.add(null, repetition, definition);
      if (!Array.isArray(value)) throw new TypeError(`${list.path.join('.')} is no list`);
      for (const leaf of leaves) leaf.mark('[');
      if (value.length === 0) part.addNothing(repetition, definition + 1);
      for (let index = 0; index < value.length; index += 1) {
        if (index > 0) for (const leaf of leaves) leaf.mark(', ');
        part.add(value[index], index === 0 ? repetition : itemRepetition, definition + 2);
      }
      for (const leaf of leaves) leaf.mark(']');
    },
    addNothing: (repetition, definition) => part.addNothing(repetition, definition),
  };
}
