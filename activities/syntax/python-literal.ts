/** The text is no literal of Python, or one of which something is missing. */
class NoLiteral extends Error {}

/**
 * Reads what Python prints of lists, dictionaries and plain values: `['a', "b's"]`, `{'k': None}`, `(1, 2)`. With `arrays` also arrays
 * of NumPy, whose items stand without commas: `['a' 'b']`, `array(['a'], dtype=object)`. Undefined for other texts, and for an array
 * that NumPy shortened by `...`. Nothing is evaluated.
 */
export function pythonLiteral(text: string, { arrays }: { arrays: boolean }): unknown {
  try {
    const reader = new LiteralReader(text, arrays);
    const value = reader.value();
    reader.end();
    return value;
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

const closing: Record<string, string> = { '[': ']', '(': ')' };
const constants = new Map<string, unknown>([
  ['None', null],
  ['nan', null],
  ['NaN', null],
  ['null', null],
  ['True', true],
  ['true', true],
  ['False', false],
  ['false', false],
]);
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\x07', '0': '\0', '\n': '' };
const deepest = 50;

class LiteralReader {
  readonly #text: string;
  readonly #arrays: boolean;
  #at = 0;
  #depth = 0;

  constructor(text: string, arrays: boolean) {
    this.#text = text;
    this.#arrays = arrays;
  }

  value(): unknown {
    this.#blanks();
    this.#depth += 1;
    if (this.#depth > deepest) throw new NoLiteral();
    const value = this.#read();
    this.#depth -= 1;
    return value;
  }

  end(): void {
    this.#blanks();
    if (this.#at < this.#text.length) throw new NoLiteral();
  }

  #read(): unknown {
    const sign = this.#text[this.#at] ?? '';
    if (closing[sign] !== undefined) return this.#list(closing[sign]);
    if (sign === '{') return this.#dictionary();
    if (sign === "'" || sign === '"') return this.#string(sign);
    const word = this.#word(/(?:np\.|numpy\.)?array\(|[A-Za-z]+|-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y);
    if (word.endsWith('(')) return this.#array();
    if (constants.has(word)) return constants.get(word);
    if (!/^[-.\d]/.test(word)) throw new NoLiteral();
    return Number(word);
  }

  #list(close: string): unknown[] {
    this.#at += 1;
    const items: unknown[] = [];
    for (;;) {
      this.#blanks();
      if (this.#takes(close)) return items;
      items.push(this.value());
      this.#separator(close);
    }
  }

  #dictionary(): Record<string, unknown> {
    this.#at += 1;
    const entries: [string, unknown][] = [];
    for (;;) {
      this.#blanks();
      if (this.#takes('}')) return Object.fromEntries(entries);
      const key = this.value();
      this.#blanks();
      if (typeof key !== 'string' || !this.#takes(':')) throw new NoLiteral();
      entries.push([key, this.value()]);
      this.#separator('}');
    }
  }

  /** Items without a comma between them are NumPy's; Python would join texts. */
  #separator(close: string): void {
    this.#blanks();
    if (!this.#takes(',') && !this.#arrays && this.#text[this.#at] !== close) throw new NoLiteral();
  }

  #array(): unknown {
    if (!this.#arrays) throw new NoLiteral();
    const value = this.value();
    this.#word(/\s*(?:,\s*dtype=[^)]*)?\)/y);
    return value;
  }

  #string(quote: string): string {
    let out = '';
    for (this.#at += 1; ; this.#at += 1) {
      const sign = this.#text[this.#at];
      if (sign === undefined) throw new NoLiteral();
      if (sign === quote) {
        this.#at += 1;
        return out;
      }
      out += sign === '\\' ? this.#escape() : sign;
    }
  }

  #escape(): string {
    this.#at += 1;
    const sign = this.#text[this.#at] ?? '';
    const digits = { x: 2, u: 4, U: 8 }[sign];
    if (digits === undefined) return escapes[sign] ?? (/['"\\]/.test(sign) ? sign : `\\${sign}`);
    const hex = this.#text.slice(this.#at + 1, this.#at + 1 + digits);
    const code = /^[0-9a-fA-F]+$/.test(hex) && hex.length === digits ? Number.parseInt(hex, 16) : Number.NaN;
    if (!(code <= 0x10ffff)) throw new NoLiteral();
    this.#at += digits;
    return String.fromCodePoint(code);
  }

  #word(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw new NoLiteral();
    this.#at += found.length;
    return found;
  }

  #takes(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }
}
