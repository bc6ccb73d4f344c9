/** What a byte-level tokenizer file says of its model. */
export interface ByteLevelModel {
  /** The 256 bytes have the first ids, what the merges make the following, in the order of the merges. */
  vocab: Readonly<Record<string, number>>;
  /** Pairs of pieces, the earlier the sooner they merge. */
  merges: readonly (readonly [string, string])[];
}

/**
 * Byte-pair encoding over ids: the pair that comes first in the list of merges is merged first, of equal pairs the left one,
 * until no pair is in the list.
 */
export class Merges {
  /**
   * Left id, right id and the id that they merge to, side by side and four apart: one look into memory a pair. The smaller
   * the merged id, the sooner it is made.
   */
  readonly #pairs = new Int32Array(slotCount * slotSize).fill(gone);
  readonly #bytes: Int32Array;
  readonly #lengths: Uint8Array;
  readonly #utf8 = Buffer.alloc(3 * longestScanned);
  readonly #ids = new Int32Array(3 * longestScanned);
  readonly #made = new Int32Array(3 * longestScanned);

  constructor({ vocab, merges }: ByteLevelModel) {
    const idOf = (piece: string): number => {
      const id = vocab[piece];
      if (id === undefined) throw new Error(`the vocabulary has no ${JSON.stringify(piece)}`);
      return id;
    };
    this.#bytes = Int32Array.from(byteSigns, idOf);
    this.#lengths = new Uint8Array(byteSigns.length + merges.length).fill(1, 0, byteSigns.length);
    for (const [rank, [left, right]] of merges.entries()) {
      const merged = byteSigns.length + rank;
      this.#add(idOf(left), idOf(right), merged);
      this.#lengths[merged] = left.length + right.length;
    }
  }

  /** Bytes of text that a token stands for. */
  bytesOf(id: number): number {
    return this.#lengths[id] ?? 0;
  }

  /** The ids of a word. Those of a short one stand in memory that the next call overwrites. */
  encode(word: string): Int32Array {
    if (word.length > longestScanned) return this.#byQueue(Buffer.from(word));
    return this.#byScanning(this.#utf8.write(word));
  }

  /** Looks for the next pair among all of them, which is quick for a few. */
  #byScanning(length: number): Int32Array {
    const [ids, made] = [this.#ids, this.#made];
    let count = length;
    for (let at = 0; at < count; at += 1) ids[at] = this.#bytes[this.#utf8[at] ?? 0] ?? 0;
    for (let at = 0; at < count - 1; at += 1) made[at] = this.#merged(ids[at], ids[at + 1]);
    for (;;) {
      let first = none;
      let at = 0;
      for (let pair = 0; pair < count - 1; pair += 1) {
        const id = made[pair] ?? none;
        if (id >= first) continue;
        first = id;
        at = pair;
      }
      if (first === none) return ids.subarray(0, count);
      count -= 1;
      ids[at] = first;
      for (let pair = at + 1; pair < count; pair += 1) {
        ids[pair] = ids[pair + 1] ?? none;
        made[pair] = made[pair + 1] ?? none;
      }
      if (at > 0) made[at - 1] = this.#merged(ids[at - 1], first);
      if (at < count - 1) made[at] = this.#merged(first, ids[at + 1]);
    }
  }

  /** Keeps the pairs in order: a run of thousands of letters or signs would otherwise take hours. */
  #byQueue(bytes: Uint8Array): Int32Array {
    const ids = Int32Array.from(bytes, (byte) => this.#bytes[byte] ?? 0);
    const next = ids.map((_, index) => index + 1);
    const previous = ids.map((_, index) => index - 1);
    const queue = new Queue();
    const consider = (at: number): void => {
      const merged = this.#merged(ids[at], ids[next[at] ?? gone]);
      if (merged !== none) queue.add(merged * positions + at);
    };
    for (let at = 0; at < ids.length - 1; at += 1) consider(at);
    for (let entry = queue.take(); entry !== undefined; entry = queue.take()) {
      const at = entry % positions;
      const other = next[at] ?? gone;
      const merged = this.#merged(ids[at], ids[other]);
      // An entry of a pair that has changed since it was queued.
      if (merged === none || merged !== (entry - at) / positions) continue;
      ids[at] = merged;
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

  #add(left: number, right: number, merged: number): void {
    let slot = slotOf(left, right);
    while (this.#pairs[slot] !== gone) slot = (slot + slotSize) & lastSlot;
    this.#pairs[slot] = left;
    this.#pairs[slot + 1] = right;
    this.#pairs[slot + 2] = merged;
  }

  /** What a pair merges to; `none` where it does not. */
  #merged(left = gone, right = gone): number {
    if (left === gone || right === gone) return none;
    for (let slot = slotOf(left, right); this.#pairs[slot] !== gone; slot = (slot + slotSize) & lastSlot) {
      if (this.#pairs[slot] === left && this.#pairs[slot + 1] === right) return this.#pairs[slot + 2] ?? none;
    }
    return none;
  }
}

const slotSize = 4;
const slotCount = 1 << 18;
const lastSlot = (slotCount - 1) * slotSize;
const gone = -1;
/** Later than every id. */
const none = 0x7fffffff;
/** Units of the words that are scanned; a unit is three bytes at most. */
const longestScanned = 128;
/** More than a word has bytes; id and position of a pair fit one number. */
const positions = 2 ** 32;

function slotOf(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 15), slotSize) & lastSlot;
}

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
