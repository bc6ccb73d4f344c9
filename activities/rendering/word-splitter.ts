/**
 * Where Qwen3's tokenizer splits a text into words, none of which shares a token with another. Its expression is
 * `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
 * with `\s` as the Unicode property. Followed by hand for UTF-16 units of a character each, since that is what counting
 * spends its time on; words with other characters go through the expression itself.
 */
export function wordEnd(text: string, start: number, end: number): number {
  const first = text.charCodeAt(start);
  const kind = kinds[first] ?? half;
  if (kind === half) return endByExpression(text, start, end);
  if (first === apostrophe) {
    const contraction = contractionEnd(text, start, end);
    if (contraction !== start) return contraction;
  }
  if (kind === digit) return start + 1;
  if (kind === letter) return letters(text, start, start + 1, end);
  const second = start + 1 < end ? kinds[text.charCodeAt(start + 1)] : undefined;
  if (kind !== lineEnd) {
    if (second === half) return endByExpression(text, start, end);
    if (second === letter) return letters(text, start, start + 2, end);
  }
  if (kind === sign || (first === space && second === sign)) return signs(text, start, end);
  return whiteSpace(text, start, end);
}

const letter = 1;
const digit = 2;
const blank = 3;
const lineEnd = 4;
const sign = 5;
/** Half of a character beyond the first 65,536: what it is depends on the other half. */
const half = 6;
const space = 0x20;
const apostrophe = 0x27;

const kinds = Uint8Array.from({ length: 0x10000 }, (_, unit) => {
  if (unit >= 0xd800 && unit <= 0xdfff) return half;
  const character = String.fromCharCode(unit);
  if (character === '\r' || character === '\n') return lineEnd;
  if (/\p{White_Space}/u.test(character)) return blank;
  if (/\p{L}/u.test(character)) return letter;
  return /\p{N}/u.test(character) ? digit : sign;
});

function letters(text: string, start: number, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    const kind = kinds[text.charCodeAt(at)];
    if (kind === half) return endByExpression(text, start, end);
    if (kind !== letter) return at;
  }
  return end;
}

function signs(text: string, start: number, end: number): number {
  let at = start + 1;
  for (; at < end; at += 1) {
    const kind = kinds[text.charCodeAt(at)];
    if (kind === half) return endByExpression(text, start, end);
    if (kind !== sign) break;
  }
  while (at < end && kinds[text.charCodeAt(at)] === lineEnd) at += 1;
  return at;
}

function whiteSpace(text: string, start: number, end: number): number {
  let lines = start;
  let at = start;
  for (; at < end; at += 1) {
    const kind = kinds[text.charCodeAt(at)];
    if (kind === lineEnd) lines = at + 1;
    else if (kind !== blank) break;
  }
  if (lines > start) return lines;
  // The last blank belongs to the word that follows.
  return at === end || at === start + 1 ? at : at - 1;
}

/** The end of `'s`, `'re` and their like; `start` where none stands. The long s folds to s. */
function contractionEnd(text: string, start: number, end: number): number {
  const found = /['](?:[stmd\u017f]|re|ve|ll)/iy;
  found.lastIndex = start;
  if (!found.test(text) || found.lastIndex > end) return start;
  return found.lastIndex;
}

const expression =
  /'(?:[sS\u017f]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\p{White_Space}\p{L}\p{N}]+[\r\n]*|\p{White_Space}*[\r\n]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/uy;

function endByExpression(text: string, start: number, end: number): number {
  // What follows the section is no part of its words.
  const section = end === text.length ? text : text.slice(0, end);
  expression.lastIndex = start;
  return expression.test(section) ? expression.lastIndex : start + 1;
}
