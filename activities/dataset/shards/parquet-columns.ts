import type { SchemaElement } from 'hyparquet';
import type { Column } from '../../tables/columns.ts';
import type { RowForm } from '../../../schemas/dataset-row.ts';
import { columnsOf } from './columns.ts';

/** The Parquet schema, depth first, as a file's footer holds it. */
export function parquetSchema(form: RowForm): SchemaElement[] {
  const columns = columnsOf(form);
  return [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(elementsOf)];
}

function elementsOf(column: Column): SchemaElement[] {
  const { name } = column;
  switch (column.type) {
    case 'string':
      return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' }, repetition_type: 'OPTIONAL' }];
    case 'int32':
      return [{ name, type: 'INT32', repetition_type: 'OPTIONAL' }];
    case 'bool':
      return [{ name, type: 'BOOLEAN', repetition_type: 'OPTIONAL' }];
    case 'struct':
      return [{ name, repetition_type: 'OPTIONAL', num_children: column.fields.length }, ...column.fields.flatMap(elementsOf)];
    case 'list':
      return [
        { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elementsOf(column.item),
      ];
  }
}
