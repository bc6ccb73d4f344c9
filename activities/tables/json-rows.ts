import { type DecodedText, decodeUtf8 } from './utf8.ts';

/** Bytes that one JSON value may have; a row beyond it is not read into memory. */
export const largestValue = 256 * 1024 * 1024;

export const tooLong = `longer than the ${largestValue / 1024 / 1024} MiB that a row may have`;

/** The text of one row as it stands in the file. */
export interface JsonText extends DecodedText {
  /** Line where it starts, from 1. */
  line: number;
  /** Why the text is not here; null where it is. */
  problem: string | null;
}

/** The lines of a stream that are not blank. Memory is bounded by the longest line. */
export async function* jsonLinesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<JsonText> {
  const newline = 0x0a;
  const pending = new Pending();
  let line = 1;
  for await (const chunk of stream) {
    let start = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, start)) {
      pending.add(chunk.subarray(start, at));
      const row = pending.take(line);
      if (row !== undefined) yield row;
      line += 1;
      start = at + 1;
    }
    pending.add(chunk.subarray(start));
  }
  const last = pending.take(line);
  if (last !== undefined) yield last;
}

/** Thrown where something follows the end of a list. */
export class TextBehindList extends SyntaxError {}

/**
 * The items of a JSON list, one after another, without holding the list. Their own syntax is not checked here. Throws SyntaxError where
 * the list has no end, {@link TextBehindList} where something follows it.
 */
export async function* jsonListItems(stream: AsyncIterable<Uint8Array>): AsyncGenerator<JsonText> {
  const [quote, backslash, newline, comma] = [0x22, 0x5c, 0x0a, 0x2c];
  let ended = false;
  const pending = new Pending();
  let depth = 0;
  let inString = false;
  let escaped = false;
  let line = 1;
  let startLine = 1;
  for await (const chunk of stream) {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === newline) line += 1;
      if (ended) {
        if (byte !== undefined && byte > 0x20) throw new TextBehindList(`something follows the list, on line ${line}`);
      } else if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
      } else if (byte === quote) {
        inString = true;
      } else if (byte === 0x5b || byte === 0x7b) {
        depth += 1;
        if (depth === 1) start = at + 1;
        if (depth === 2 && byte === 0x7b) startLine = line;
      } else if (byte === 0x5d || byte === 0x7d || (byte === comma && depth === 1)) {
        if (byte !== comma) depth -= 1;
        if (depth === 0 || (byte === comma && depth === 1)) {
          pending.add(chunk.subarray(start, at));
          const item = pending.take(startLine);
          if (item !== undefined) yield item;
          start = at + 1;
          ended = depth === 0;
        }
      }
    }
    // What stands before the list, a byte order mark or blanks, is none of its items.
    if (depth > 0) pending.add(chunk.subarray(start));
  }
  if (ended) return;
  const rest = pending.take(startLine);
  if (rest !== undefined) yield rest;
  throw new SyntaxError('the list has no end: the file is cut');
}

/**
 * JSON objects and lists one after another, each over one or several lines. One that is broken ends where another begins at the
 * beginning of a line. Their own syntax is not checked here.
 */
export async function* jsonValuesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<JsonText> {
  const [quote, backslash, newline] = [0x22, 0x5c, 0x0a];
  const pending = new Pending();
  let depth = 0;
  let inString = false;
  let escaped = false;
  let line = 1;
  let startLine = 1;
  let lineBegins = true;
  for await (const chunk of stream) {
    let start = 0;
    const take = (end: number) => {
      pending.add(chunk.subarray(start, end));
      start = end;
      depth = 0;
      return pending.take(startLine);
    };
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === newline) {
        line += 1;
        // No string goes on behind the end of its line.
        [inString, escaped, lineBegins] = [false, false, true];
        continue;
      }
      const opens = byte === 0x5b || byte === 0x7b;
      const broken = lineBegins && opens && depth > 0 ? take(at) : undefined;
      if (broken !== undefined) yield broken;
      lineBegins = false;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
      } else if (byte === quote) {
        inString = true;
      } else if (opens) {
        if (depth === 0) startLine = line;
        depth += 1;
      } else if (byte === 0x5d || byte === 0x7d) {
        depth -= 1;
        const value = depth <= 0 ? take(at + 1) : undefined;
        if (value !== undefined) yield value;
      }
    }
    pending.add(chunk.subarray(start));
  }
  const rest = pending.take(startLine);
  if (rest !== undefined) yield rest;
}

/** The pieces of a value that is not at its end yet. Of one that is too long nothing is kept. */
class Pending {
  #pieces: Uint8Array[] = [];
  #length = 0;

  add(piece: Uint8Array): void {
    this.#length += piece.length;
    if (this.#length > largestValue) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  /** The value, and nothing is kept of it; undefined where it is blank. */
  take(line: number): JsonText | undefined {
    const [pieces, length] = [this.#pieces, this.#length];
    [this.#pieces, this.#length] = [[], 0];
    if (length > largestValue) {
      return { text: '', notUtf8: null, line, problem: tooLong };
    }
    const { text, notUtf8 } = decodeUtf8(Buffer.concat(pieces, length));
    const row = line === 1 ? text.replace(/^\uFEFF/, '') : text;
    return row.trim() === '' ? undefined : { text: row.trim(), notUtf8, line, problem: null };
  }
}
