/** Bytes that arrive in pieces; doubles its room so that appending stays linear. */
export class GrowingBuffer {
  #room = Buffer.allocUnsafe(4096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(data: Buffer): void {
    const needed = this.#length + data.length;
    if (needed > this.#room.length) {
      const room = Buffer.allocUnsafe(Math.max(needed, this.#room.length * 2));
      this.#room.copy(room, 0, 0, this.#length);
      this.#room = room;
    }
    data.copy(this.#room, this.#length);
    this.#length = needed;
  }

  indexOf(text: string, from: number): number {
    const found = this.#room.subarray(0, this.#length).indexOf(text, Math.max(0, from));
    return found;
  }

  /** Takes out the first `count` bytes, forgets `skipped` more, and keeps the rest. */
  take(count: number, skipped = 0): Buffer {
    const taken = Buffer.from(this.#room.subarray(0, count));
    const rest = Buffer.from(this.#room.subarray(Math.min(count + skipped, this.#length), this.#length));
    this.#room = Buffer.allocUnsafe(Math.max(4096, rest.length));
    rest.copy(this.#room);
    this.#length = rest.length;
    return taken;
  }
}
