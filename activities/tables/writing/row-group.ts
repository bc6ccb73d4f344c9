import { createHash } from 'node:crypto';
import type { OffsetIndex, RowGroup } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import type { Column } from '../columns.ts';
import { writeChunk } from './chunk.ts';
import { type LeafOptions, shredderOf } from './shred.ts';

/** A row group as it stands in a file, with places counted from its own first byte. It can be passed between threads. */
export interface EncodedGroup {
  bytes: Uint8Array<ArrayBuffer>;
  group: RowGroup;
  /** Where the pages of each leaf begin, in the order of the group's columns. */
  pages: OffsetIndex[];
}

/**
 * Encodes rows as row groups, one after another. A row is taken apart as it comes: memory holds the encoded values of one group, which
 * the next one uses again. The same rows give the same bytes.
 */
export class RowGroupEncoder {
  readonly #columns;
  readonly #leaves;
  #rows = 0;

  constructor(columns: readonly Column[], options: LeafOptions) {
    this.#columns = columns.map((column) => shredderOf(column, options));
    this.#leaves = this.#columns.flatMap(({ leaves }) => leaves);
  }

  /**
   * Adds a row, one value a column. Returns a digest of all its values, which another reader can make of what it reads: SHA-1 (hexadecimal)
   * over each leaf in turn: the lengths of its texts in bytes in their lists, `[3, NULL]`, or its other values, `-` for a null column;
   * then its texts one after another.
   */
  add(values: readonly unknown[]): string {
    for (const leaf of this.#leaves) leaf.beginRow();
    for (const [index, column] of this.#columns.entries()) column.add(values[index], 0, 0);
    this.#rows += 1;
    const digest = createHash('sha1');
    let short = '';
    for (const leaf of this.#leaves) {
      short += leaf.shape;
      const text = leaf.values.newText();
      if (typeof text === 'string') short += text;
      else {
        digest.update(short).update(text);
        short = '';
      }
    }
    return digest.update(short).digest('hex');
  }

  /** The group of all rows added since the last one. */
  finish(): EncodedGroup {
    if (this.#rows === 0) throw new RangeError('a row group needs rows');
    const sink = new ByteWriter(4 * 1024 * 1024);
    const chunks = this.#leaves.map((leaf) => writeChunk(sink, leaf));
    for (const leaf of this.#leaves) leaf.clear();
    const plainBytes = chunks.reduce((sum, chunk) => sum + chunk.plainBytes, 0);
    const num_rows = BigInt(this.#rows);
    this.#rows = 0;
    return {
      bytes: sink.getBytes().slice(),
      group: {
        columns: chunks.map(({ chunk }) => chunk),
        total_byte_size: BigInt(plainBytes),
        total_compressed_size: BigInt(sink.offset),
        num_rows,
      },
      pages: chunks.map(({ pages }) => pages),
    };
  }
}
