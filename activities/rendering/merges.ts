/** What a byte-level tokenizer file says of its model. */
export interface ByteLevelModel {
  vocab: Readonly<Record<string, number>>;
  /** Pairs of pieces, the earlier the sooner they merge. */
  merges: readonly (readonly [string, string])[];
}

/**
 * Byte-pair encoding over ids, in tables of 10 MB: the pair that comes first in the list of merges is merged first, of
 * equal pairs the left one, until no pair is in the list.
 */
export class Merges {
  readonly #slots = 1 << 19;
  readonly #left = new Int32Array(this.#slots).fill(-1);
  readonly #right = new Int32Array(this.#slots);
  readonly #rank = new Int32Array(this.#slots);
  readonly #merged = new Int32Array(this.#slots);
  readonly #bytes: Int32Array;
  readonly #lengths: Uint8Array;

  constructor({ vocab, merges }: ByteLevelModel) {
    const idOf = (piece: string): number => {
      const id = vocab[piece];
      if (id === undefined) throw new Error(`the vocabulary has no ${JSON.stringify(piece)}`);
      return id;
    };
    this.#bytes = Int32Array.from(byteSigns, idOf);
    this.#lengths = new Uint8Array(Object.keys(vocab).length);
    for (const [piece, id] of Object.entries(vocab)) this.#lengths[id] = piece.length;
    merges.forEach(([left, right], rank) => this.#add(idOf(left), idOf(right), rank, idOf(left + right)));
  }

  /** Bytes of text that a token stands for. */
  bytesOf(id: number): number {
    return this.#lengths[id] ?? 0;
  }

  /** The ids of a word. */
  encode(word: string): number[] {
    const ids = Array.from(Buffer.from(word, 'utf8'), (byte) => this.#bytes[byte] ?? 0);
    if (ids.length < 2) return ids;
    const next = ids.map((_, index) => index + 1);
    const previous = ids.map((_, index) => index - 1);
    const queue = new Queue();
    const consider = (at: number): void => {
      const slot = this.#slotOf(ids[at] ?? gone, ids[next[at] ?? gone] ?? gone);
      if (slot !== undefined) queue.add((this.#rank[slot] ?? 0) * positions + at);
    };
    for (let at = 0; at < ids.length - 1; at += 1) consider(at);
    for (let entry = queue.take(); entry !== undefined; entry = queue.take()) {
      const at = entry % positions;
      const other = next[at] ?? gone;
      const slot = this.#slotOf(ids[at] ?? gone, ids[other] ?? gone);
      // An entry of a pair that has changed since it was queued.
      if (slot === undefined || this.#rank[slot] !== (entry - at) / positions) continue;
      ids[at] = this.#merged[slot] ?? gone;
      ids[other] = gone;
      const after = next[other] ?? ids.length;
      next[at] = after;
      if (after < ids.length) previous[after] = at;
      const before = previous[at] ?? gone;
      if (before >= 0) consider(before);
      consider(at);
    }
    return ids.filter((id) => id !== gone);
  }

  #add(left: number, right: number, rank: number, merged: number): void {
    let slot = this.#hash(left, right);
    while (this.#left[slot] !== -1) slot = (slot + 1) & (this.#slots - 1);
    this.#left[slot] = left;
    this.#right[slot] = right;
    this.#rank[slot] = rank;
    this.#merged[slot] = merged;
  }

  #slotOf(left: number, right: number): number | undefined {
    if (left === gone || right === gone) return undefined;
    for (let slot = this.#hash(left, right); this.#left[slot] !== -1; slot = (slot + 1) & (this.#slots - 1)) {
      if (this.#left[slot] === left && this.#right[slot] === right) return slot;
    }
    return undefined;
  }

  #hash(left: number, right: number): number {
    const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & (this.#slots - 1);
  }
}

const gone = -1;
/** More than a word has bytes; rank and position of a pair fit one number. */
const positions = 2 ** 32;

/** Numbers, the smallest first. */
class Queue {
  readonly #heap: number[] = [];

  add(entry: number): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] ?? 0;
      if (above <= entry) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  take(): number | undefined {
    const heap = this.#heap;
    const smallest = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return smallest;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] ?? 0) < (heap[child] ?? 0)) child += 1;
      const below = heap[child] ?? 0;
      if (last <= below) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return smallest;
  }
}

/** One printable character for each byte, the alphabet of byte-level vocabularies: printable bytes stand for themselves. */
const byteSigns = Array.from({ length: 256 }, (_, byte) => byte).reduce<{ signs: string[]; next: number }>(
  ({ signs, next }, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    signs.push(String.fromCharCode(printable ? byte : next));
    return { signs, next: printable ? next : next + 1 };
  },
  { signs: [], next: 0x100 },
).signs;
