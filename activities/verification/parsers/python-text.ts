/**
 * Text as Python sees it. The expected test names of a task were recorded by Python code, whose whitespace, digits,
 * line ends and patterns differ from JavaScript's; a parser that matched by JavaScript's rules would yield other names.
 */

const spaces = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const words = String.raw`\p{L}\p{N}_`;
// oxlint-disable-next-line no-control-regex -- Python's line ends hold control characters
const lineEnds = /\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]/g;
// oxlint-disable-next-line no-control-regex -- Python's whitespace holds control characters
const rareSpace = new RegExp(`[${spaces}]`);
const rareDigit = /^\p{Nd}$/u;

/** Whether a UTF-16 unit is whitespace: with U+001C to U+001F and U+0085, without U+FEFF. */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code >= 0x1c;
  return code >= 0x85 && rareSpace.test(String.fromCharCode(code));
}

/** `str.strip`. */
export function strip(text: string): string {
  return text.slice(spacesAfter(text, 0), spacesBefore(text, text.length));
}

/** `str.rstrip`. */
export function stripEnd(text: string): string {
  return text.slice(0, spacesBefore(text, text.length));
}

/** The index after the whitespace that begins at `start`. */
export function spacesAfter(text: string, start: number): number {
  let end = start;
  while (end < text.length && isSpace(text.charCodeAt(end))) end++;
  return end;
}

/** The index where the whitespace that ends at `end` begins. */
export function spacesBefore(text: string, end: number): number {
  let start = end;
  while (start > 0 && isSpace(text.charCodeAt(start - 1))) start--;
  return start;
}

/** The index where the decimal digits that end at `end` begin; digits of any script count. */
export function digitsBefore(text: string, end: number): number {
  let start = end;
  for (let width = digitWidth(text, start); width > 0; width = digitWidth(text, start)) start -= width;
  return start;
}

function digitWidth(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  if (code >= 0x30 && code <= 0x39) return 1;
  if (!(code >= 0x660)) return 0;
  const width = code >= 0xdc00 && code <= 0xdfff ? 2 : 1;
  return rareDigit.test(text.slice(end - width, end)) ? width : 0;
}

/** The first word from `from` on, as `str.split()` cuts words, with the index after it; undefined when none is left. */
export function nextWord(text: string, from = 0): { text: string; end: number } | undefined {
  const start = spacesAfter(text, from);
  if (start === text.length) return undefined;
  let end = start;
  while (end < text.length && !isSpace(text.charCodeAt(end))) end++;
  return { text: text.slice(start, end), end };
}

/** `str.splitlines`: more line ends than a newline, and no empty line after the last of them. */
export function splitLines(text: string): string[] {
  const lines = text.split(lineEnds);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** What reading a file in text mode does: every CRLF and lone CR becomes a newline. */
export function withUniversalNewlines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** `int(text)` of decimal digits; like Python, refuses more than 4300 of them. */
export function wholeNumber(digits: string): bigint {
  if ([...digits].length > 4300) throw new RangeError('a number of more than 4300 digits');
  return BigInt([...digits].map(digitValue).join(''));
}

/** Digits of a script are encoded in order from its zero, and adjoining scripts' zeros are ten apart. */
function digitValue(digit: string): number {
  let before = (digit.codePointAt(0) ?? 0) - 1;
  while (rareDigit.test(String.fromCodePoint(before))) before--;
  return ((digit.codePointAt(0) ?? 0) - before - 1) % 10;
}

/**
 * A pattern of Python's `re` module for `str`, as a JavaScript one. Knows what the parsers use: `\s \S \d \w \b . ^ $`
 * by their meaning in Python, flags `i` and `m` likewise; `g` and `y` are passed on.
 */
export function pythonPattern(source: string, flags = ''): RegExp {
  const multiline = flags.includes('m');
  const ignoreCase = flags.includes('i');
  const outside: Record<string, string> = {
    '\\s': `[${spaces}]`,
    '\\S': `[^${spaces}]`,
    '\\d': String.raw`\p{Nd}`,
    '\\w': `[${words}]`,
    '\\b': `(?:(?<=[${words}])(?![${words}])|(?<![${words}])(?=[${words}]))`,
    '.': String.raw`[^\n]`,
    '^': multiline ? String.raw`(?<![^\n])` : '^',
    $: multiline ? String.raw`(?![^\n])` : String.raw`(?=\n?$)`,
    // Ignoring case, Python also takes the dotted capital and the dotless small i of Turkish for an i.
    i: ignoreCase ? '[iıİ]' : 'i',
    I: ignoreCase ? '[iıİ]' : 'I',
  };
  const inside: Record<string, string> = { '\\s': spaces, '\\d': String.raw`\p{Nd}`, '\\w': words };
  let inClass = false;
  const translated = source.replace(/\\?[^]/gu, (token) => {
    if (inClass) {
      if (token === ']') inClass = false;
      return inside[token] ?? token;
    }
    if (token === '[') inClass = true;
    return outside[token] ?? token;
  });
  return new RegExp(translated, `u${flags.replace('m', '')}`);
}
