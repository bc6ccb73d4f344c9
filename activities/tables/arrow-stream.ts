import {
  Bool,
  type DataType,
  Field,
  Int32,
  List,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { Column } from './columns.ts';

/**
 * One Arrow IPC stream, which is what `Dataset.from_file` of Hugging Face's datasets reads: uncompressed, since this library
 * compresses in a way that no other one reads. Each step gives the bytes that are next in the file.
 */
export class ArrowStream<Row extends object> {
  readonly #row: Struct<Record<string, DataType>>;
  readonly #schema: Schema<Record<string, DataType>>;
  readonly #writer = new ChunkWriter();

  constructor(columns: readonly Column[]) {
    this.#row = new Struct<Record<string, DataType>>(columns.map(fieldOf));
    this.#schema = new Schema<Record<string, DataType>>(this.#row.children);
    this.#writer.reset(undefined, this.#schema);
  }

  /** Rows as one batch; every field must be there, if only as null. */
  batch(rows: readonly Row[]): Uint8Array[] {
    const [data] = vectorFromArray(rows, this.#row).data;
    this.#writer.write(new RecordBatch(this.#schema, data));
    return this.#writer.take();
  }

  /** The end of the stream; the schema too where there was no row. */
  end(): Uint8Array[] {
    this.#writer.finish();
    return this.#writer.take();
  }
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

/** Keeps its bytes until `take`: the queue of the base class grows without bound where the reader is slower. */
class ChunkWriter extends RecordBatchStreamWriter {
  #chunks: Uint8Array[] = [];

  take(): Uint8Array[] {
    const taken = this.#chunks;
    this.#chunks = [];
    return taken;
  }

  protected override _write(chunk: ArrayBufferView): this {
    if (this._started && chunk.byteLength > 0) this.#chunks.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    return this;
  }
}
