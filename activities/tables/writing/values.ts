import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { ByteWriter } from 'hyparquet-writer';
import { GrowingBytes } from './growing.ts';

/** The values of one leaf column, without its nulls. */
export interface Values {
  readonly type: 'BYTE_ARRAY' | 'INT32' | 'BOOLEAN';
  readonly encoding: 'PLAIN' | 'RLE_DICTIONARY';
  count: number;
  /** Bytes of the values in pages. */
  bytes: number;
  /** Returns how the value counts in the shape of its row: its length in bytes, or itself where it is no text. */
  add(value: unknown): string;
  /** What a page of these values holds, before it is packed. */
  page(from: number, to: number): Uint8Array;
  /** The values that pages point to; null where they hold values themselves. */
  dictionary(): { page: Uint8Array; count: number } | null;
  /** The texts added since this was asked before, one after another; empty where values are no texts. */
  newText(): Uint8Array | string;
  clear(): void;
}

/** Bytes of memory that a column keeps between two row groups. */
const kept = 24 * 1024 * 1024;

/** Texts that hardly ever repeat. */
export class PlainTexts implements Values {
  readonly type = 'BYTE_ARRAY';
  readonly encoding = 'PLAIN';
  count = 0;
  bytes = 0;
  readonly #texts = new GrowingBytes(64 * 1024, kept);
  #ends = new Uint32Array(1024);
  #told = 0;

  add(value: unknown): string {
    const length = this.#texts.addText(textOf(value));
    if (this.count === this.#ends.length) this.#ends = larger(this.#ends);
    this.#ends[this.count] = this.#texts.length;
    this.count += 1;
    this.bytes += length + 4;
    return String(length);
  }

  page(from: number, to: number): Uint8Array {
    const texts = this.#texts.part();
    let start = this.#endOf(from - 1);
    const page = Buffer.allocUnsafe(this.#endOf(to - 1) - start + 4 * (to - from));
    let at = 0;
    for (let index = from; index < to; index += 1) {
      const end = this.#endOf(index);
      at = page.writeUInt32LE(end - start, at);
      at += texts.copy(page, at, start, end);
      start = end;
    }
    return page;
  }

  dictionary(): null {
    return null;
  }

  newText(): Uint8Array {
    const text = this.#texts.part(this.#told);
    this.#told = this.#texts.length;
    return text;
  }

  clear(): void {
    this.#texts.clear();
    [this.count, this.bytes, this.#told] = [0, 0, 0];
  }

  #endOf(index: number): number {
    return index < 0 ? 0 : (this.#ends[index] ?? 0);
  }
}

/** Texts of which a row group has a few, again and again. */
export class RepeatedTexts implements Values {
  readonly type = 'BYTE_ARRAY';
  readonly encoding = 'RLE_DICTIONARY';
  count = 0;
  bytes = 0;
  readonly #places = new Map<string, { index: number; length: string }>();
  readonly #distinct = new PlainTexts();
  #indexes = new Uint32Array(1024);
  #new = '';

  add(value: unknown): string {
    const text = textOf(value);
    let place = this.#places.get(text);
    if (place === undefined) {
      place = { index: this.#places.size, length: this.#distinct.add(text) };
      this.#places.set(text, place);
    }
    if (this.count === this.#indexes.length) this.#indexes = larger(this.#indexes);
    this.#indexes[this.count] = place.index;
    this.count += 1;
    // A page is cut by its rows here, since places take next to nothing.
    this.bytes += 1;
    this.#new += text;
    return place.length;
  }

  page(from: number, to: number): Uint8Array {
    const width = Math.max(1, Math.ceil(Math.log2(Math.max(2, this.#places.size))));
    const page = new ByteWriter();
    page.appendUint8(width);
    writeRleBitPackedHybrid(page, this.#indexes.subarray(from, to), width);
    return page.getBytes();
  }

  dictionary(): { page: Uint8Array; count: number } {
    return { page: this.#distinct.page(0, this.#distinct.count), count: this.#distinct.count };
  }

  newText(): string {
    const text = this.#new;
    this.#new = '';
    return text;
  }

  clear(): void {
    this.#places.clear();
    this.#distinct.clear();
    [this.count, this.bytes, this.#new] = [0, 0, ''];
  }
}

export class Integers implements Values {
  readonly type = 'INT32';
  readonly encoding = 'PLAIN';
  count = 0;
  readonly #values = new GrowingBytes(4096, kept);

  get bytes(): number {
    return this.#values.length;
  }

  add(value: unknown): string {
    if (typeof value !== 'number' || !Number.isInteger(value)) throw new TypeError(`${String(value)} is no whole number`);
    this.#values.addInt32(value);
    this.count += 1;
    return String(value);
  }

  page(from: number, to: number): Uint8Array {
    return this.#values.part(from * 4, to * 4);
  }

  dictionary(): null {
    return null;
  }

  newText(): string {
    return '';
  }

  clear(): void {
    this.#values.clear();
    this.count = 0;
  }
}

export class Booleans implements Values {
  readonly type = 'BOOLEAN';
  readonly encoding = 'PLAIN';
  readonly #values: boolean[] = [];

  get count(): number {
    return this.#values.length;
  }

  get bytes(): number {
    return this.#values.length / 8;
  }

  add(value: unknown): string {
    if (typeof value !== 'boolean') throw new TypeError(`${String(value)} is neither true nor false`);
    this.#values.push(value);
    return String(value);
  }

  page(from: number, to: number): Uint8Array {
    const page = new Uint8Array(Math.ceil((to - from) / 8));
    for (let index = from; index < to; index += 1) {
      const at = (index - from) >> 3;
      if (this.#values[index] === true) page[at] = (page[at] ?? 0) | (1 << ((index - from) & 7));
    }
    return page;
  }

  dictionary(): null {
    return null;
  }

  newText(): string {
    return '';
  }

  clear(): void {
    this.#values.length = 0;
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`${String(value)} is no text`);
}

function larger(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(numbers.length * 2);
  more.set(numbers);
  return more;
}
