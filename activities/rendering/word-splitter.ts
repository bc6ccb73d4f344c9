/**
 * Where Qwen3's tokenizer splits a text into words, none of which shares a token with another. Its expression is
 * `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
 * with `\s` as the Unicode property. Followed by hand for UTF-16 units of a character each, since that is what counting
 * spends its time on; words with other characters go through the expression itself. `units` begins with those of the text.
 */
export function wordEnd(text: string, units: Uint16Array, start: number): number {
  const end = text.length;
  const first = units[start] ?? 0;
  const kind = kinds[first] ?? half;
  if (kind === half) return endOf(expression, text, start);
  if (first === apostrophe) {
    const after = endOf(contraction, text, start);
    if (after !== start) return after;
  }
  if (kind === digit) return start + 1;
  if (kind === letter) return letters(text, units, start, start + 1);
  const second = start + 1 < end ? kinds[units[start + 1] ?? 0] : undefined;
  if (kind !== lineEnd) {
    if (second === half) return endOf(expression, text, start);
    if (second === letter) return letters(text, units, start, start + 2);
  }
  if (kind === sign || (first === space && second === sign)) return signs(text, units, start);
  return whiteSpace(units, start, end);
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

function letters(text: string, units: Uint16Array, start: number, from: number): number {
  const end = text.length;
  for (let at = from; at < end; at += 1) {
    const kind = kinds[units[at] ?? 0];
    if (kind === half) return endOf(expression, text, start);
    if (kind !== letter) return at;
  }
  return end;
}

function signs(text: string, units: Uint16Array, start: number): number {
  const end = text.length;
  let at = start + 1;
  for (; at < end; at += 1) {
    const kind = kinds[units[at] ?? 0];
    if (kind === half) return endOf(expression, text, start);
    if (kind !== sign) break;
  }
  while (at < end && kinds[units[at] ?? 0] === lineEnd) at += 1;
  return at;
}

function whiteSpace(units: Uint16Array, start: number, end: number): number {
  let lines = start;
  let at = start;
  for (; at < end; at += 1) {
    const kind = kinds[units[at] ?? 0];
    if (kind === lineEnd) lines = at + 1;
    else if (kind !== blank) break;
  }
  if (lines > start) return lines;
  // The last blank belongs to the word that follows.
  return at === end || at === start + 1 ? at : at - 1;
}

/** `'s`, `'re` and their like. The long s folds to s. */
const contraction = /'(?:[stmd\u017f]|re|ve|ll)/iy;

const expression =
  /'(?:[sS\u017f]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\p{White_Space}\p{L}\p{N}]+[\r\n]*|\p{White_Space}*[\r\n]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/uy;

/** Where what a sticky pattern finds at `start` ends; `start` where it finds nothing. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}
