import type { Merges } from './merges.ts';

/** The ids of a word: `count` of them from `start`. */
export interface WordIds {
  ids: Int32Array;
  start: number;
  count: number;
}

/**
 * The ids of words seen before, in tables of 10 MB that never grow: a word is looked up by its place among the units of a
 * text, without making a string of it. When the tables are full, they begin anew.
 */
export class WordTable {
  readonly #merges: Merges;
  /** Of each word side by side, since reading elsewhere costs more than the comparison: hash, place of its units, place of its ids, shape. */
  readonly #slots = new Int32Array(slotCount * slotSize);
  readonly #units = new Uint16Array(mostUnits);
  readonly #ids = new Int32Array(mostUnits);
  #words = 0;
  #unitCount = 0;
  #idCount = 0;
  readonly #found: WordIds = { ids: this.#ids, start: 0, count: 0 };

  constructor(merges: Merges) {
    this.#merges = merges;
  }

  /** The ids of the word that stands between two places of a text, whose units these are. The answer is overwritten by the next. */
  ids(text: string, units: Uint16Array, start: number, end: number): WordIds {
    const length = end - start;
    if (length > longestKept) return this.#unkept(text.slice(start, end));
    let hash = 0;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (units[at] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
    let slot = (hash & (slotCount - 1)) * slotSize;
    for (let shape = this.#slots[slot + 3] ?? 0; shape !== 0; shape = this.#slots[slot + 3] ?? 0) {
      if (this.#slots[slot] === hash && shape >>> 16 === length && this.#stands(this.#slots[slot + 1] ?? 0, units, start, end)) {
        return this.#answer(this.#ids, this.#slots[slot + 2] ?? 0, shape & 0xffff);
      }
      slot = (slot + slotSize) & (slotCount * slotSize - 1);
    }
    return this.#keep(text.slice(start, end), units, start, hash, slot);
  }

  #stands(from: number, units: Uint16Array, start: number, end: number): boolean {
    for (let at = start; at < end; at += 1) if (this.#units[from + at - start] !== units[at]) return false;
    return true;
  }

  #keep(word: string, units: Uint16Array, start: number, hash: number, slot: number): WordIds {
    const encoded = this.#merges.encode(word);
    const full = this.#words === mostWords || this.#unitCount + word.length > mostUnits || this.#idCount + encoded.length > mostUnits;
    if (full) {
      this.#slots.fill(0);
      this.#words = 0;
      this.#unitCount = 0;
      this.#idCount = 0;
    }
    const free = full ? (hash & (slotCount - 1)) * slotSize : slot;
    for (let at = 0; at < word.length; at += 1) this.#units[this.#unitCount + at] = units[start + at] ?? 0;
    this.#ids.set(encoded, this.#idCount);
    this.#slots[free] = hash;
    this.#slots[free + 1] = this.#unitCount;
    this.#slots[free + 2] = this.#idCount;
    this.#slots[free + 3] = (word.length << 16) | encoded.length;
    this.#words += 1;
    this.#unitCount += word.length;
    this.#idCount += encoded.length;
    return this.#answer(this.#ids, this.#idCount - encoded.length, encoded.length);
  }

  #unkept(word: string): WordIds {
    const encoded = this.#merges.encode(word);
    return this.#answer(encoded, 0, encoded.length);
  }

  #answer(ids: Int32Array, start: number, count: number): WordIds {
    this.#found.ids = ids;
    this.#found.start = start;
    this.#found.count = count;
    return this.#found;
  }
}

const slotCount = 1 << 18;
const slotSize = 4;
const mostWords = 1 << 17;
const mostUnits = 1 << 20;
/** Units of a word. */
const longestKept = 128;
