import { GrowingBytes } from './growing.ts';
import { Booleans, Integers, PlainTexts, RepeatedTexts, type Values } from './values.ts';

/** Least and greatest value of a leaf, and how many nulls it has. */
export interface LeafBounds {
  min_value?: string | number;
  max_value?: string | number;
  null_count: bigint;
}

export interface LeafPlace {
  /** Names from the column down, those of Parquet's lists among them. */
  path: string[];
  type: 'string' | 'int32' | 'bool';
  maxDefinition: number;
  maxRepetition: number;
}

/** One leaf column of a row group while rows are added to it: values, and for each slot its levels after Dremel. */
export class Leaf {
  readonly place: LeafPlace;
  readonly values: Values;
  /** Whether its bounds are kept. */
  readonly bounded: boolean;
  readonly #definitions = new GrowingBytes(1024, 1024 * 1024);
  readonly #repetitions = new GrowingBytes(1024, 1024 * 1024);
  /** Where each row begins, in slots and in values, and the bytes of values before it. */
  readonly #rows: { slot: number; value: number; bytes: number }[] = [];
  #nulls = 0;
  #low: string | number | undefined;
  #high: string | number | undefined;
  #shape = '';

  constructor(place: LeafPlace, options: { repeats: boolean; bounded: boolean }) {
    this.place = place;
    this.bounded = options.bounded;
    if (place.type === 'string') this.values = options.repeats ? new RepeatedTexts() : new PlainTexts();
    else this.values = place.type === 'int32' ? new Integers() : new Booleans();
  }

  beginRow(): void {
    this.#shape = '';
    this.#rows.push({ slot: this.#definitions.length, value: this.values.count, bytes: this.values.bytes });
  }

  add(value: unknown, repetition: number): void {
    this.#slot(repetition, this.place.maxDefinition);
    this.#shape += this.values.add(value);
    if (this.bounded && (typeof value === 'string' || typeof value === 'number')) this.#widen(value);
  }

  /** A null, of the leaf or of something above it. */
  addNull(repetition: number, definition: number): void {
    this.#slot(repetition, definition);
    this.#nulls += 1;
    this.#shape += 'NULL';
  }

  /** The slot of a list without items. */
  addNothing(repetition: number, definition: number): void {
    this.#slot(repetition, definition);
    this.#nulls += 1;
  }

  /** Adds a bracket or comma to the shape of the row. */
  mark(sign: string): void {
    this.#shape += sign;
  }

  /** Lengths or values of the current row in their lists, as text. */
  get shape(): string {
    return this.#shape === 'NULL' ? '-' : this.#shape;
  }

  get rows(): readonly { slot: number; value: number; bytes: number }[] {
    return this.#rows;
  }

  get slots(): number {
    return this.#definitions.length;
  }

  definitions(from: number, to: number): Uint8Array {
    return this.#definitions.part(from, to);
  }

  repetitions(from: number, to: number): Uint8Array {
    return this.#repetitions.part(from, to);
  }

  get bounds(): LeafBounds {
    const bounds = this.#low === undefined || this.#high === undefined ? {} : { min_value: this.#low, max_value: this.#high };
    return { ...bounds, null_count: BigInt(this.#nulls) };
  }

  clear(): void {
    this.values.clear();
    this.#definitions.clear();
    this.#repetitions.clear();
    this.#rows.length = 0;
    [this.#nulls, this.#low, this.#high] = [0, undefined, undefined];
  }

  #slot(repetition: number, definition: number): void {
    this.#definitions.addByte(definition);
    this.#repetitions.addByte(repetition);
  }

  #widen(value: string | number): void {
    if (this.#low === undefined || isLess(value, this.#low)) this.#low = value;
    if (this.#high === undefined || isLess(this.#high, value)) this.#high = value;
  }
}

/** In the order of bytes, as Parquet compares. */
function isLess(a: string | number, b: string | number): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b))) < 0;
}
