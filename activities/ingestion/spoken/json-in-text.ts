import { readCalls } from '../loose-calls.ts';
import type { LooseCall } from '../loose-message.ts';
import { unfolded } from '../loose-values.ts';

/** A JSON value at a place of a text, and where it ends. */
export interface JsonInText {
  value: unknown;
  end: number;
}

/**
 * The object or list that begins at a place of a text, blanks skipped; undefined where there is none. Line breaks inside strings, which
 * models write and JSON forbids, are taken as such; Python's spelling too.
 */
export function jsonAt(text: string, from: number): JsonInText | undefined {
  let start = from;
  while (start < text.length && /\s/.test(text[start] ?? '')) start += 1;
  const end = endOfValue(text, start);
  if (end === undefined) return undefined;
  const piece = text.slice(start, end);
  for (const form of [piece, withEscapedBreaks(piece)]) {
    const value = unfolded(form);
    if (typeof value === 'object' && value !== null) return { value, end };
  }
  return undefined;
}

/** The calls that a JSON value in a text says: an object with name and arguments, or a list of such. */
export function callsOfJson(value: unknown): LooseCall[] {
  const { calls, lost } = readCalls(value);
  return lost.length > 0 || calls.some(({ name }) => name === '') ? [] : calls;
}

function endOfValue(text: string, start: number): number | undefined {
  const first = text[start];
  if (first !== '{' && first !== '[') return undefined;
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"' || (sign === "'" && opensString(text, at))) {
      at = endOfString(text, at);
      continue;
    }
    if (sign === '{' || sign === '[') depth += 1;
    if (sign === '}' || sign === ']') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

/** Whether a quote begins a string of Python rather than standing in a word. */
function opensString(text: string, at: number): boolean {
  return /[[{,:(]\s*$/.test(text.slice(Math.max(0, at - 20), at));
}

function endOfString(text: string, open: number): number {
  const quote = text[open];
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

function withEscapedBreaks(piece: string): string {
  return piece.replace(/"(?:[^"\\]|\\[\s\S])*"/g, (string) =>
    string.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t'),
  );
}
