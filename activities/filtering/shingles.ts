import type { Message } from '../../schemas/message.ts';

/** Words in a sequence; short enough to survive small edits, long enough not to be common phrases. */
const sequenceLength = 5;

/** Hashes of all word sequences of a trajectory's calls, each once, ascending. */
export type Shingles = Uint32Array<ArrayBuffer>;

/** Calls alone: reasoning and prose may differ where the work is the same. */
export function shinglesOf({ messages }: { messages: readonly Message[] }): Shingles {
  const words = new Words();
  for (const message of messages) {
    if (message.role !== 'assistant') continue;
    for (const { function: called } of message.tool_calls ?? []) {
      words.add(called.name);
      for (const word of called.arguments.match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_"\\]/gu) ?? []) words.add(word);
    }
  }
  const hashes = words.sequences().sort();
  let count = 0;
  for (let at = 0; at < hashes.length; at += 1) {
    const hash = hashes[at] ?? 0;
    if (at > 0 && hash === hashes[count - 1]) continue;
    hashes[count] = hash;
    count += 1;
  }
  return hashes.slice(0, count);
}

/** Share of common sequences (Jaccard index); 1 for two rows without any. */
export function likeness(a: Shingles, b: Shingles): number {
  let [common, left, right] = [0, 0, 0];
  while (left < a.length && right < b.length) {
    const [one, other] = [a[left] ?? 0, b[right] ?? 0];
    if (one === other) common += 1;
    if (one <= other) left += 1;
    if (other <= one) right += 1;
  }
  const union = a.length + b.length - common;
  return union === 0 ? 1 : common / union;
}

/** Words one after another as code units with a blank between two, so that each sequence is one stretch of memory. */
class Words {
  #units = new Uint16Array(16 * 1024);
  #starts = new Uint32Array(2048);
  #length = 0;
  #count = 0;

  add(word: string): void {
    if (this.#count === this.#starts.length) this.#starts = enlarged(this.#starts, new Uint32Array(this.#count * 2));
    const end = this.#length + word.length + 1;
    if (end > this.#units.length) this.#units = enlarged(this.#units, new Uint16Array(Math.max(end, this.#units.length * 2)));
    this.#starts[this.#count] = this.#length;
    this.#count += 1;
    for (let at = 0; at < word.length; at += 1) this.#units[this.#length + at] = word.charCodeAt(at);
    this.#units[end - 1] = blank;
    this.#length = end;
  }

  /** A hash of each sequence; of all words where they are fewer than one needs. */
  sequences(): Uint32Array<ArrayBuffer> {
    const sequences = new Uint32Array(Math.max(this.#count - sequenceLength + 1, Math.min(this.#count, 1)));
    for (let at = 0; at < sequences.length; at += 1) {
      const next = at + sequenceLength;
      sequences[at] = this.#hash(this.#starts[at] ?? 0, (next < this.#count ? (this.#starts[next] ?? 0) : this.#length) - 1);
    }
    return sequences;
  }

  /** FNV-1a over UTF-16 code units, 32 bits. */
  #hash(from: number, to: number): number {
    const units = this.#units;
    let value = 0x811c9dc5;
    for (let at = from; at < to; at += 1) value = Math.imul(value ^ (units[at] ?? 0), 0x01000193);
    return value >>> 0;
  }
}

const blank = 0x20;

function enlarged<T extends Uint16Array | Uint32Array>(before: T, after: T): T {
  after.set(before);
  return after;
}
