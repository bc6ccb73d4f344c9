import { hash } from 'node:crypto';
import type { DatasetRow, RowForm } from '../../../schemas/dataset-row.ts';
import type { Column } from '../../tables/columns.ts';
import { columnName, columnsOf, rowFields } from './columns.ts';

/**
 * A digest of a row that another Parquet reader can make of what it reads, in SQL: sha256 over all values in the order of the columns,
 * each with its length, null as `-`. Not the hash that manifests name, since readers write JSON in different ways.
 */
export function rowDigest(row: DatasetRow): string {
  const parts: string[] = [];
  for (const [index, column] of columnsOf('trajectory').entries()) {
    const field = rowFields[index];
    if (field !== undefined) addText(parts, column, row[field]);
  }
  return hash('sha256', parts.join(''));
}

/** The same as an expression of DuckDB over the columns of a file. */
export function digestSql(form: RowForm): string {
  const texts = columnsOf(form).map((column, index) => {
    const field = rowFields[index];
    return textSql(column, `"${field === undefined ? column.name : columnName(field, form)}"`, 0);
  });
  return `sha256(concat(${texts.join(', ')}))`;
}

function addText(parts: string[], column: Column, value: unknown): void {
  if (value === null || value === undefined) parts.push('-');
  else if (column.type === 'list') {
    const items = Array.isArray(value) ? value : [];
    parts.push(`${items.length}[`);
    for (const item of items) addText(parts, column.item, item);
  } else if (column.type === 'struct') {
    parts.push('{');
    const fields = new Map(Object.entries(value));
    for (const field of column.fields) addText(parts, field, fields.get(field.name));
  } else if (typeof value === 'string') parts.push(`${Buffer.byteLength(value)}:`, value);
  else parts.push(`${JSON.stringify(value)};`);
}

function textSql(column: Column, value: string, depth: number): string {
  switch (column.type) {
    case 'string':
      return `coalesce(concat(strlen(${value}), ':') || ${value}, '-')`;
    case 'int32':
    case 'bool':
      return `coalesce(${value}::VARCHAR || ';', '-')`;
    case 'struct': {
      const fields = column.fields.map((field) => textSql(field, `${value}."${field.name}"`, depth));
      return `CASE WHEN ${value} IS NULL THEN '-' ELSE concat('{', ${fields.join(', ')}) END`;
    }
    case 'list': {
      const item = `x${depth}`;
      const items = `list_transform(${value}, lambda ${item}: ${textSql(column.item, item, depth + 1)})`;
      return `CASE WHEN ${value} IS NULL THEN '-' ELSE concat(len(${value}), '[', array_to_string(${items}, '')) END`;
    }
  }
}
