import { digitsBefore, isSpace, pythonPattern, spacesBefore, strip, stripEnd } from './python-text.ts';

const wholeBracketed = pythonPattern(String.raw`^\(\d+\s*m?s\)$`);
const decimal = String.raw`\s*\d+(?:\.\d+)?\s*(?:ms|s)\s*`;
const inSquare = pythonPattern(String.raw`^\[${decimal}\]$`, 'i');
const inRound = pythonPattern(String.raw`^\(${decimal}\)$`, 'i');

/** Cuts ` (5 ms)` off: one whitespace, whole numbers only, and something must stay. */
export function cutWholeDuration(name: string): string {
  const open = bracketAtEnd(name, '(', ')', wholeBracketed);
  return open >= 2 && isSpace(name.charCodeAt(open - 1)) ? name.slice(0, open - 1) : name;
}

/** Cuts a bracketed decimal duration off, with the whitespace around it. */
export function cutBracketedDuration(name: string, bracket: 'square' | 'round'): string {
  const end = stripEnd(name);
  const open = bracket === 'square' ? bracketAtEnd(end, '[', ']', inSquare) : bracketAtEnd(end, '(', ')', inRound);
  return open === -1 ? name : name.slice(0, spacesBefore(name, open));
}

/** The index of the bracket that opens the text's end, when what it holds fits; no duration holds a bracket itself. */
export function bracketAtEnd(text: string, open: string, close: string, shape: RegExp): number {
  if (!text.endsWith(close)) return -1;
  const start = text.lastIndexOf(open);
  return start !== -1 && shape.test(text.slice(start)) ? start : -1;
}

/** Cuts the duration that JavaScript runners print, with or without brackets or space (`waits 5s`, `takes10s`), and strips. */
export function cutLooseDuration(name: string): string {
  const start = looseDurationStart(name);
  return strip(start === -1 ? name : name.slice(0, start));
}

/** Read from the end: spaces, closing bracket, unit, number, opening bracket, each as far to the left as it goes. */
function looseDurationStart(name: string): number {
  let at = spacesBefore(name, name.length);
  if (name[at - 1] === ')') at = spacesBefore(name, at - 1);
  if (!/^[sſ]$/iu.test(name[at - 1] ?? '')) return -1;
  at--;
  if (/^m$/i.test(name[at - 1] ?? '')) at--;
  const afterNumber = spacesBefore(name, at);
  let number = digitsBefore(name, afterNumber);
  if (number === afterNumber) return -1;
  if (name[number - 1] === '.') {
    const whole = digitsBefore(name, number - 1);
    if (whole < number - 1) number = whole;
  }
  const start = spacesBefore(name, number);
  return name[start - 1] === '(' ? spacesBefore(name, start - 1) : start;
}

/** Cuts `0.03s` off the end where at least `gap` whitespaces stand before it. */
export function cutTrailingSeconds(name: string, gap: number): string {
  const end = spacesBefore(name, name.length);
  if (name[end - 1] !== 's') return name;
  let number = digitsBefore(name, end - 1);
  if (number === end - 1) return name;
  if (name[number - 1] === '.') {
    const whole = digitsBefore(name, number - 1);
    if (whole < number - 1) number = whole;
  }
  const start = spacesBefore(name, number);
  return number - start >= gap ? name.slice(0, start) : name;
}
