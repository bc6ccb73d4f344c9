import { EditFailure } from './failure.ts';
import type { TextFile } from './text-file.ts';

/** A changed text and where: the first changed line (from 0), and how many lines the new part has. */
export interface Change {
  text: string;
  from: number;
  lines: number;
}

/** Replaces the one occurrence of a text; throws `EditFailure` when there is none, or several, or nothing to change. */
export function replaceText(file: TextFile, { path, oldText, newText }: { path: string; oldText: string; newText: string }): Change {
  if (oldText === newText) throw new EditFailure('equal', 161, { path });
  // A model sees and writes lines without CR: in a file with CR LF both sides are compared without it.
  const { text, at } = file.crlf ? withoutCr(file.text) : { text: file.text, at: (index: number) => index };
  const searched = file.crlf ? oldText.replaceAll('\r\n', '\n') : oldText;
  const found = occurrences(text, searched);
  const [start] = found;
  if (start === undefined) throw new EditFailure('not_found', 15, { path });
  if (found.length > 1) throw new EditFailure('several', 16, { path, lines: found.slice(0, 100).map((index) => lineOf(text, index) + 1) });
  const from = at(start);
  const to = at(start + searched.length);
  const written = file.crlf ? withEnding(newText, endingNear(file.text, from)) : newText;
  return { text: file.text.slice(0, from) + written + file.text.slice(to), from: lineOf(text, start), lines: newText.split('\n').length };
}

/** Text with the line ending of the file it goes into. */
export function withEnding(text: string, ending: '\n' | '\r\n'): string {
  const plain = text.replaceAll('\r\n', '\n');
  return ending === '\n' ? plain : plain.replaceAll('\n', '\r\n');
}

/** How the line at an offset ends; the last line as the one before it. */
export function endingNear(text: string, offset: number): '\n' | '\r\n' {
  const next = text.indexOf('\n', offset);
  const newline = next === -1 ? text.lastIndexOf('\n', offset) : next;
  return text[newline - 1] === '\r' ? '\r\n' : '\n';
}

function occurrences(text: string, searched: string): number[] {
  // The empty text is everywhere; two places are enough to say so.
  if (searched === '') return text === '' ? [0] : [0, text.length];
  const found: number[] = [];
  for (let index = text.indexOf(searched); index !== -1; index = text.indexOf(searched, index + searched.length)) found.push(index);
  return found;
}

/** The text with LF alone, and for an offset in it the offset in the original. */
function withoutCr(original: string): { text: string; at: (index: number) => number } {
  const removed: number[] = [];
  const text = original.replace(/\r\n/g, (_match, offset: number) => {
    removed.push(offset - removed.length);
    return '\n';
  });
  return { text, at: (index) => index + countBelow(removed, index) };
}

/** How many of the ascending numbers are below a limit. */
function countBelow(numbers: number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lineOf(text: string, offset: number): number {
  let line = 0;
  for (let index = text.indexOf('\n'); index !== -1 && index < offset; index = text.indexOf('\n', index + 1)) line += 1;
  return line;
}
