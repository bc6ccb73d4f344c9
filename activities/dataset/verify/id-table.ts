/** Numbers unique ids (UUIDs) in the order in which they come first, from 0: some thirty bytes each, where a map takes two hundred. */
export class IdTable {
  #ids = Buffer.alloc(1024 * idBytes);
  /** Number of an id + 1 at the place that its bytes say, or the next free one; 0 where there is none. */
  #places = new Uint32Array(2048);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The id's number, a new one where it has none. */
  numberOf(id: string): number {
    const bytes = bytesOf(id);
    const place = this.#placeOf(bytes);
    const known = this.#places[place] ?? 0;
    if (known > 0) return known - 1;
    const number = this.#length;
    if (number * idBytes === this.#ids.length) this.#ids = Buffer.concat([this.#ids, Buffer.alloc(this.#ids.length)]);
    bytes.copy(this.#ids, number * idBytes);
    this.#length += 1;
    this.#places[place] = this.#length;
    if (this.#length * 2 > this.#places.length) this.#spread();
    return number;
  }

  /** The id's number; undefined where it never came. */
  find(id: string): number | undefined {
    const known = this.#places[this.#placeOf(bytesOf(id))] ?? 0;
    return known === 0 ? undefined : known - 1;
  }

  id(number: number): string {
    const hex = this.#ids.toString('hex', number * idBytes, (number + 1) * idBytes);
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  #placeOf(bytes: Buffer): number {
    const mask = this.#places.length - 1;
    let place = scattered(bytes) & mask;
    for (;;) {
      const known = this.#places[place] ?? 0;
      if (known === 0) return place;
      const from = (known - 1) * idBytes;
      if (bytes.compare(this.#ids, from, from + idBytes) === 0) return place;
      place = (place + 1) & mask;
    }
  }

  #spread(): void {
    this.#places = new Uint32Array(this.#places.length * 2);
    for (let number = 0; number < this.#length; number += 1) {
      const place = this.#placeOf(this.#ids.subarray(number * idBytes, (number + 1) * idBytes));
      this.#places[place] = number + 1;
    }
  }
}

const idBytes = 16;

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

/** Ids are mostly hashes; those of tests and other tools count up in their last bytes. */
function scattered(bytes: Buffer): number {
  let value = 0;
  for (let at = 0; at < idBytes; at += 4) value = Math.imul(value ^ bytes.readUInt32LE(at), 0x9e3779b1);
  return (value ^ (value >>> 15)) >>> 0;
}
