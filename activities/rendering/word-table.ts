import type { Merges } from './merges.ts';

/** The ids of a word: `count` of them from `start`. */
export interface WordIds {
  ids: Int32Array;
  start: number;
  count: number;
}

/**
 * The ids of words seen before, in tables of 8 MB that never grow: a word is looked up by its place in a text, without
 * making a string of it. When the tables are full, they begin anew.
 */
export class WordTable {
  readonly #merges: Merges;
  readonly #slots = new Int32Array(slotCount);
  readonly #hashes = new Int32Array(mostWords);
  readonly #units = new Uint16Array(mostUnits);
  readonly #unitStarts = new Int32Array(mostWords + 1);
  readonly #ids = new Int32Array(mostUnits);
  readonly #idStarts = new Int32Array(mostWords + 1);
  #words = 0;
  readonly #found: WordIds = { ids: this.#ids, start: 0, count: 0 };

  constructor(merges: Merges) {
    this.#merges = merges;
  }

  /** The ids of the word that stands between two places of a text. The answer is overwritten by the next. */
  ids(text: string, start: number, end: number): WordIds {
    if (end - start > longestKept) return this.#unkept(text.slice(start, end));
    let hash = 0;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash ^= hash >>> 15;
    let slot = hash & (slotCount - 1);
    for (let entry = this.#slots[slot] ?? 0; entry !== 0; entry = this.#slots[slot] ?? 0) {
      const word = entry - 1;
      if (this.#hashes[word] === hash && this.#is(word, text, start, end)) return this.#answer(word);
      slot = (slot + 1) & (slotCount - 1);
    }
    return this.#keep(text, start, end, hash, slot);
  }

  #is(word: number, text: string, start: number, end: number): boolean {
    const from = this.#unitStarts[word] ?? 0;
    if ((this.#unitStarts[word + 1] ?? 0) - from !== end - start) return false;
    for (let at = start; at < end; at += 1) if (this.#units[from + at - start] !== text.charCodeAt(at)) return false;
    return true;
  }

  #answer(word: number): WordIds {
    const start = this.#idStarts[word] ?? 0;
    this.#found.ids = this.#ids;
    this.#found.start = start;
    this.#found.count = (this.#idStarts[word + 1] ?? 0) - start;
    return this.#found;
  }

  #keep(text: string, start: number, end: number, hash: number, slot: number): WordIds {
    const encoded = this.#merges.encode(text.slice(start, end));
    const units = this.#unitStarts[this.#words] ?? 0;
    const ids = this.#idStarts[this.#words] ?? 0;
    if (this.#words === mostWords || units + end - start > mostUnits || ids + encoded.length > mostUnits) {
      this.#slots.fill(0);
      this.#words = 0;
      return this.#keep(text, start, end, hash, hash & (slotCount - 1));
    }
    for (let at = start; at < end; at += 1) this.#units[units + at - start] = text.charCodeAt(at);
    this.#ids.set(encoded, ids);
    this.#hashes[this.#words] = hash;
    this.#words += 1;
    this.#unitStarts[this.#words] = units + end - start;
    this.#idStarts[this.#words] = ids + encoded.length;
    this.#slots[slot] = this.#words;
    return this.#answer(this.#words - 1);
  }

  #unkept(word: string): WordIds {
    const encoded = Int32Array.from(this.#merges.encode(word));
    this.#found.ids = encoded;
    this.#found.start = 0;
    this.#found.count = encoded.length;
    return this.#found;
  }
}

const slotCount = 1 << 18;
const mostWords = 1 << 17;
const mostUnits = 1 << 20;
const longestKept = 64;
