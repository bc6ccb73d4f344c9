import { Bool, type DataType, Field, Int32, List, RecordBatch, Schema, Struct, Utf8, vectorFromArray } from 'apache-arrow';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { type Column, columns } from './columns.ts';

const row = new Struct<Record<string, DataType>>(columns.map(fieldOf));

/** The schema of a release's rows in Arrow: the one that a reader of the Parquet shards sees. */
export const arrowSchema = new Schema<Record<string, DataType>>(row.children);

/** Rows as one table in memory. */
export function toRecordBatch(rows: readonly DatasetRow[]): RecordBatch<Record<string, DataType>> {
  const [data] = vectorFromArray(rows, row).data;
  return new RecordBatch(arrowSchema, data);
}

function fieldOf(column: Column): Field {
  return new Field(column.name, typeOf(column), true);
}

function typeOf(column: Column): DataType {
  switch (column.type) {
    case 'string':
      return new Utf8();
    case 'int32':
      return new Int32();
    case 'bool':
      return new Bool();
    case 'struct':
      return new Struct(column.fields.map(fieldOf));
    case 'list':
      return new List(fieldOf(column.item));
  }
}
