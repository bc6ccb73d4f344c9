/** Bytes that are added one after another. Their memory is kept for the next use, unless it has grown beyond `kept`. */
export class GrowingBytes {
  readonly #kept: number;
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;

  constructor(first: number, kept: number) {
    this.#kept = kept;
    this.#bytes = memory(first);
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a text in UTF-8. Returns the bytes it takes. */
  addText(text: string): number {
    // Three bytes a code unit are the most; the exact count costs a pass, which long texts are worth.
    this.#reserve(text.length < longText ? text.length * 3 : Buffer.byteLength(text));
    const added = this.#bytes.write(text, this.#length);
    this.#length += added;
    return added;
  }

  addByte(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  addInt32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeInt32LE(value, this.#length);
  }

  /** A view; it holds until something is added. */
  part(from = 0, to = this.#length): Buffer<ArrayBuffer> {
    return this.#bytes.subarray(from, to);
  }

  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > this.#kept) this.#bytes = memory(this.#kept);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = memory(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

const longText = 64 * 1024;

/** Memory of its own: small buffers of Node share theirs. */
function memory(bytes: number): Buffer<ArrayBuffer> {
  return Buffer.from(new ArrayBuffer(bytes));
}
