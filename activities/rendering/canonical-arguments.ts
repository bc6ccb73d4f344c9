import { messageOf, Problem } from '../../schemas/problem.ts';
import { pythonFloat } from './python-float.ts';

/**
 * The arguments of a call as templates show them: the JSON text that Python's `json.dumps(json.loads(text),
 * ensure_ascii=False)` gives. Servers parse the arguments of earlier calls and write them again, so this is what a
 * student sees of its own calls. An empty text stands for no arguments. Throws `Problem` arguments_not_object.
 */
export function canonicalArguments(text: string): string {
  return asObject(readArguments(text));
}

/** Name and value of each argument, as canonical JSON texts. Throws `Problem` arguments_not_object. */
export function readArguments(text: string): ReadonlyMap<string, string> {
  if (text.trim() === '') return new Map();
  try {
    return new JsonReader(text).readObject();
  } catch (error) {
    throw new Problem('arguments_not_object', `the arguments of a call are not a JSON object: ${messageOf(error)}`, {
      hint: 'a server refuses such a call when it is sent back; leave the row out of training',
    });
  }
}

function asObject(members: ReadonlyMap<string, string>): string {
  let text = '';
  for (const [name, value] of members) text += `${text === '' ? '' : ', '}${name}: ${value}`;
  return `{${text}}`;
}

const numberPattern = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const literals = ['true', 'false', 'null'];
/** What JSON strings may hold or write in more than one way: escapes other than the short ones, and raw control characters. */
const unusual = /\\[^"\\nrtbf]|\p{Cc}/u;
/** Python's reader ends its recursion at about a thousand levels. */
const deepest = 500;

/** Reads JSON text and gives it back rewritten; numbers keep the precision they are written with. */
class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readObject(): ReadonlyMap<string, string> {
    this.#skipSpace();
    if (this.#text[this.#at] !== '{') throw new Error(`it begins with ${this.#text.slice(this.#at, this.#at + 1)}`);
    const members = this.#members(1);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return members;
  }

  #value(depth: number): string {
    if (depth > deepest) throw new Error(`it is nested more than ${deepest} levels deep`);
    const sign = this.#text[this.#at];
    if (sign === '{') return asObject(this.#members(depth));
    if (sign === '[') return this.#list(depth);
    if (sign === '"') return this.#string();
    const literal = literals.find((word) => this.#text.startsWith(word, this.#at));
    if (literal === undefined) return this.#number();
    this.#at += literal.length;
    return literal;
  }

  #members(depth: number): ReadonlyMap<string, string> {
    // A name that comes twice keeps its first place and takes its last value, as in a Python dict.
    const members = new Map<string, string>();
    this.#each('}', () => {
      if (this.#text[this.#at] !== '"') throw this.#unexpected();
      const name = this.#string();
      this.#skipSpace();
      if (this.#text[this.#at] !== ':') throw this.#unexpected();
      this.#at += 1;
      this.#skipSpace();
      members.set(name, this.#value(depth + 1));
    });
    return members;
  }

  #list(depth: number): string {
    const items: string[] = [];
    this.#each(']', () => items.push(this.#value(depth + 1)));
    return `[${items.join(', ')}]`;
  }

  #each(end: string, readOne: () => void): void {
    this.#at += 1;
    this.#skipSpace();
    if (this.#text[this.#at] === end) {
      this.#at += 1;
      return;
    }
    for (;;) {
      readOne();
      this.#skipSpace();
      const sign = this.#text[this.#at];
      if (sign !== ',' && sign !== end) throw this.#unexpected();
      this.#at += 1;
      if (sign === end) return;
      this.#skipSpace();
    }
  }

  #string(): string {
    const start = this.#at;
    let end = this.#text.indexOf('"', start + 1);
    while (end !== -1 && isEscaped(this.#text, end)) end = this.#text.indexOf('"', end + 1);
    if (end === -1) throw new Error(`a string that begins at character ${start + 1} does not end`);
    this.#at = end + 1;
    const literal = this.#text.slice(start, end + 1);
    if (!unusual.test(literal)) return literal;
    const value: unknown = JSON.parse(literal);
    return JSON.stringify(value);
  }

  #number(): string {
    numberPattern.lastIndex = this.#at;
    const found = numberPattern.exec(this.#text);
    if (found === null) throw this.#unexpected();
    this.#at += found[0].length;
    if (found[1] === undefined && found[2] === undefined) return found[0] === '-0' ? '0' : found[0];
    const value = Number(found[0]);
    if (!Number.isFinite(value)) throw new Error(`${found[0]} is too large for a number`);
    return pythonFloat(value);
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }

  #unexpected(): Error {
    const found = this.#text.slice(this.#at, this.#at + 20);
    return new Error(found === '' ? 'it ends too early' : `at character ${this.#at + 1} stands ${JSON.stringify(found)}`);
  }
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}
