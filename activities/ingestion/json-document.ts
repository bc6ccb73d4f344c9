import { messageOf } from '../../schemas/problem.ts';
import { parseJson } from '../tables/loose-json.ts';
import { type DecodedText, decodeUtf8 } from '../tables/utf8.ts';

/** A JSON document, as much of it as there is. */
export interface JsonDocument {
  value: unknown;
  /** The file ends early; `value` holds all that was complete, to the last item of its lists. */
  cut: boolean;
  /** The first byte that is not UTF-8, and what stands before it; null where there is none. */
  notUtf8: string | null;
}

/** Thrown where another value follows the first: the file holds lines, not one document. */
export class SeveralValues extends Error {}

/**
 * Parts of trajectory files that repeat what stands elsewhere, at quadratic size: each step of SWE-agent holds the
 * whole history before it, each message of mini-swe-agent the response that it came from.
 */
const repeatedParts = [
  'trajectory.*.query',
  'trajectory.*.messages',
  'attempts.*.trajectory.*.query',
  'attempts.*.trajectory.*.messages',
  'samples.*.events.*.input',
  'samples.*.events.*.call',
  'samples.*.events.*.tools',
];

/**
 * Reads a JSON document from a stream of bytes, without holding what {@link repeatedParts} or `dropped` names: paths of
 * keys, `*` for list items. Throws `SyntaxError` for what is no JSON, `SeveralValues` for JSON lines.
 */
export async function readJsonDocument(
  chunks: AsyncIterable<Uint8Array>,
  dropped: readonly string[] = repeatedParts,
): Promise<JsonDocument> {
  const pruner = new Pruner(dropped);
  for await (const chunk of chunks) pruner.push(chunk);
  const { text, notUtf8, cut } = pruner.end();
  try {
    return { value: parseJson(text), cut, notUtf8 };
  } catch (error) {
    throw new SyntaxError(`not JSON: ${messageOf(error)}`, { cause: error });
  }
}

const [quoteByte, backslashByte, commaByte, colonByte, openList, closeList, openObject, closeObject] = [
  0x22, 0x5c, 0x2c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d,
];

/** An object or list that is open. */
interface Frame {
  list: boolean;
  path: string;
  /** Whether something below is dropped, so that keys have to be read. */
  watched: boolean;
  key: string;
}

/** Copies a document byte by byte and tracks its place in the structure. */
class Pruner {
  readonly #dropped: Set<string>;
  readonly #watched: Set<string>;
  readonly #frames: Frame[] = [];
  readonly #kept: Uint8Array[] = [];
  #keptLength = 0;
  /** The last place where the document could have ended, and what was open there. */
  #whole: { length: number; open: Frame[] } = { length: 0, open: [] };
  #inString = false;
  #escaped = false;
  /** Bytes of the key that is being read; null elsewhere. */
  #key: Uint8Array[] | null = null;
  #expectsKey = false;
  /** Number of open frames around the value that is being dropped; null while copying. */
  #dropDepth: number | null = null;
  #started = false;
  #finished = false;

  constructor(dropped: readonly string[]) {
    this.#dropped = new Set(dropped);
    this.#watched = new Set(dropped.flatMap((path) => path.split('.').map((_, index, keys) => keys.slice(0, index).join('.'))));
  }

  push(chunk: Uint8Array): void {
    let copyFrom = 0;
    const keep = (to: number) => {
      if (this.#dropDepth === null && to > copyFrom) {
        // A small view would keep the whole chunk in memory.
        const small = to - copyFrom < chunk.length / 2;
        this.#keep(small ? chunk.slice(copyFrom, to) : chunk.subarray(copyFrom, to));
      }
      copyFrom = to;
    };
    for (let at = this.#started ? 0 : skipByteOrderMark(chunk); at < chunk.length; at += 1) {
      if (this.#inString) {
        at = this.#stringEnd(chunk, at);
        if (this.#inString) break;
        if (this.#frames.length === this.#dropDepth) this.#resume(() => keep(at + 1));
        continue;
      }
      const byte = chunk[at];
      if (byte === undefined || byte <= 0x20) continue;
      if (this.#finished) throw new SeveralValues('another value follows the first');
      this.#started = true;
      if (byte === quoteByte) {
        this.#inString = true;
        const frame = this.#frames.at(-1);
        this.#key = this.#expectsKey && frame?.watched === true ? [] : null;
        this.#expectsKey = false;
      } else if (byte === colonByte) {
        const frame = this.#frames.at(-1);
        if (frame?.watched === true && this.#dropDepth === null && this.#dropped.has(below(frame, frame.key))) {
          keep(at + 1);
          this.#keep(nullLiteral);
          this.#dropDepth = this.#frames.length;
        }
      } else if (byte === openObject || byte === openList) {
        this.#open(byte === openList);
      } else if (byte === commaByte) {
        if (this.#frames.length === this.#dropDepth) this.#resume(() => keep(at));
        this.#expectsKey = this.#frames.at(-1)?.list === false;
        if (this.#betweenItems()) {
          keep(at);
          this.#markWhole();
        }
      } else if (byte === closeObject || byte === closeList) {
        if (this.#frames.length === this.#dropDepth) this.#resume(() => keep(at));
        this.#frames.pop();
        if (this.#frames.length === this.#dropDepth) this.#resume(() => keep(at + 1));
        if (this.#betweenItems()) {
          keep(at + 1);
          this.#markWhole();
        }
        this.#finished = this.#frames.length === 0;
      }
    }
    keep(chunk.length);
  }

  end(): DecodedText & { cut: boolean } {
    const all = Buffer.concat(this.#kept, this.#keptLength);
    if (this.#frames.length === 0 && !this.#inString) return { ...decodeUtf8(all), cut: false };
    const { length, open } = this.#whole;
    const closing = open
      .map(({ list }) => (list ? ']' : '}'))
      .reverse()
      .join('');
    const { text, notUtf8 } = decodeUtf8(all.subarray(0, length));
    return { text: text + closing, notUtf8, cut: true };
  }

  /** Goes on copying behind a dropped value; `skip` moves the beginning of what is copied next. */
  #resume(skip: () => void): void {
    skip();
    this.#dropDepth = null;
  }

  #open(list: boolean): void {
    const parent = this.#frames.at(-1);
    const path = parent === undefined ? '' : below(parent, parent.list ? '*' : parent.key);
    this.#frames.push({ list, path, watched: (parent?.watched ?? true) && this.#watched.has(path), key: '' });
    this.#expectsKey = !list;
  }

  /** The index of the closing quote, or the chunk's length while the string goes on. */
  #stringEnd(chunk: Uint8Array, from: number): number {
    let start = from;
    if (this.#escaped) {
      this.#escaped = false;
      start += 1;
    }
    let search = start;
    for (;;) {
      const quote = chunk.indexOf(quoteByte, search);
      const end = quote === -1 ? chunk.length : quote;
      let backslashes = 0;
      while (end - backslashes - 1 >= start && chunk[end - backslashes - 1] === backslashByte) backslashes += 1;
      const escaped = backslashes % 2 === 1;
      if (quote !== -1 && escaped) {
        search = quote + 1;
        continue;
      }
      this.#key?.push(chunk.slice(from, end));
      this.#escaped = quote === -1 && escaped;
      if (quote !== -1) this.#stringDone();
      return end;
    }
  }

  #stringDone(): void {
    this.#inString = false;
    const frame = this.#frames.at(-1);
    if (this.#key !== null && frame !== undefined) frame.key = Buffer.concat(this.#key).toString('utf8');
    this.#key = null;
  }

  #keep(bytes: Uint8Array): void {
    this.#kept.push(bytes);
    this.#keptLength += bytes.length;
  }

  /** Whether a document that ends here holds no half item: it is cut back to such a place. */
  #betweenItems(): boolean {
    return this.#frames.length < 2 || (this.#frames.length === 2 && this.#frames[1]?.list === true);
  }

  #markWhole(): void {
    this.#whole = { length: this.#keptLength, open: this.#frames.slice() };
  }
}

const nullLiteral = new TextEncoder().encode('null');

function below(frame: Frame, key: string): string {
  return frame.path === '' ? key : `${frame.path}.${key}`;
}

function skipByteOrderMark(chunk: Uint8Array): number {
  return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0;
}
