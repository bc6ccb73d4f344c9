const slots = 1 << 16;
const most = 40_000;

/**
 * Tokens of common words, found by the letters where they stand. Cutting each word out of its text and hashing it as a key of a
 * map took half of the time of reading.
 */
export class WordTable<Token extends { raw: string }> {
  readonly #tokens: (Token | undefined)[] = Array.from({ length: slots });
  #count = 0;

  /** The token whose `raw` stands in the text from here to there; `hash` is that of {@link nextHash} over it. */
  find(text: string, from: number, to: number, hash: number): Token | undefined {
    for (let slot = hash & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const token = this.#tokens[slot];
      if (token === undefined || stands(token.raw, text, from, to)) return token;
    }
  }

  /** Keeps a token that `find` did not find; a full table stays as it is. */
  add(token: Token, hash: number): void {
    if (this.#count === most) return;
    let slot = hash & (slots - 1);
    while (this.#tokens[slot] !== undefined) slot = (slot + 1) & (slots - 1);
    this.#tokens[slot] = token;
    this.#count += 1;
  }
}

function stands(raw: string, text: string, from: number, to: number): boolean {
  if (raw.length !== to - from) return false;
  for (let at = 0; at < raw.length; at += 1) if (raw.charCodeAt(at) !== text.charCodeAt(from + at)) return false;
  return true;
}

/** FNV-1a, begun here. */
export const firstHash = 0x811c9dc5;

/** FNV-1a, one sign further. */
export function nextHash(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}
