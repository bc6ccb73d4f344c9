import type { ByteSource } from './byte-source.ts';

/** Bytes that one JSON value may have; a row beyond it is not read into memory. */
const largestValue = 256 * 1024 * 1024;

/** The text of one row as it stands in the file. */
export interface JsonText {
  text: string;
  /** Line where it starts, from 1. */
  line: number;
}

/** The lines of a file that are not blank. Memory is bounded by the longest line. */
export function jsonLines(source: ByteSource): AsyncGenerator<JsonText> {
  return jsonLinesOf(chunks(source));
}

/** As {@link jsonLines}, of any stream of bytes. */
export async function* jsonLinesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<JsonText> {
  const newline = 0x0a;
  let pending: Uint8Array[] = [];
  let length = 0;
  let line = 1;
  const end = () => {
    const text = Buffer.concat(pending, length).toString('utf8');
    [pending, length] = [[], 0];
    return { text: line === 1 ? text.replace(/^\uFEFF/, '') : text, line };
  };
  for await (const chunk of stream) {
    let start = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, start)) {
      pending.push(chunk.subarray(start, at));
      length += at - start;
      const row = end();
      if (row.text.trim() !== '') yield row;
      line += 1;
      start = at + 1;
    }
    pending.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > largestValue) throw new RangeError(`line ${line} is longer than ${largestValue} bytes`);
  }
  const last = end();
  if (last.text.trim() !== '') yield last;
}

/** The items of a JSON list, one after another, without holding the list. Their own syntax is not checked here. */
export async function* jsonListItems(source: ByteSource): AsyncGenerator<JsonText> {
  const [quote, backslash, newline, comma] = [0x22, 0x5c, 0x0a, 0x2c];
  let depth = 0;
  let inString = false;
  let escaped = false;
  let line = 1;
  let startLine = 1;
  let pending: Uint8Array[] = [];
  let length = 0;
  const end = (): JsonText | undefined => {
    const text = Buffer.concat(pending, length).toString('utf8').trim();
    [pending, length] = [[], 0];
    return text === '' ? undefined : { text, line: startLine };
  };
  for await (const chunk of chunks(source)) {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === newline) line += 1;
      if (inString) {
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
          pending.push(chunk.subarray(start, at));
          length += at - start;
          const item = end();
          if (item !== undefined) yield item;
          start = at + 1;
          if (depth === 0) return;
        }
      }
    }
    pending.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > largestValue) throw new RangeError(`the item at line ${startLine} is longer than ${largestValue} bytes`);
  }
  const rest = end();
  if (rest !== undefined) yield rest;
  throw new SyntaxError('the list has no end: the file is cut');
}

async function* chunks(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += source.stride) yield await source.read(at, at + source.stride);
}
