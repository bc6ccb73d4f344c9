/** Values asked for last, up to `limit` bytes together; what is asked for twice at once is fetched once. */
export class ByteCache<T> {
  readonly #limit: number;
  readonly #values = new Map<number, { value: T; bytes: number }>();
  readonly #coming = new Map<number, Promise<T | undefined>>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: number): T | undefined {
    const known = this.#values.get(key);
    if (known === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, known);
    return known.value;
  }

  /** Fetches a value unless it is here or on its way; undefined when `fetch` gave none. */
  async load(key: number, fetch: () => Promise<{ value: T; bytes: number } | undefined>): Promise<T | undefined> {
    const known = this.get(key);
    if (known !== undefined) return known;
    const coming = this.#coming.get(key) ?? this.#fetch(key, fetch);
    this.#coming.set(key, coming);
    return await coming;
  }

  /** Puts a value in the place of an older one. */
  set(key: number, value: T, bytes: number): void {
    this.drop(key);
    this.#values.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const [old, { bytes: size }] of this.#values) {
      if (this.#bytes <= this.#limit || old === key) break;
      this.#values.delete(old);
      this.#bytes -= size;
    }
  }

  drop(key: number): void {
    this.#bytes -= this.#values.get(key)?.bytes ?? 0;
    this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
    this.#bytes = 0;
  }

  async #fetch(key: number, fetch: () => Promise<{ value: T; bytes: number } | undefined>): Promise<T | undefined> {
    try {
      const found = await fetch();
      if (found !== undefined) this.set(key, found.value, found.bytes);
      return found?.value;
    } finally {
      this.#coming.delete(key);
    }
  }
}
