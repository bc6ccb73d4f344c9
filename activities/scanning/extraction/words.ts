import { dynamicText, type Part, type Statement, type Word } from './shell-syntax.ts';
import type { ShellSession } from './shell-session.ts';

const mostFields = 512;
const mostBraces = 64;
const longestField = 262_144;

/** Runs a substitution's commands; gives their output when it can be known. */
export type RunForOutput = (body: Statement[]) => string | undefined;

/** The fields that a word becomes: variables and outputs put in, braces expanded, split at blanks. */
export function expandWord(word: Word, session: ShellSession, run: RunForOutput): string[] {
  const [only] = word;
  if (only === undefined) return [''];
  if (word.length === 1 && only.kind === 'text') return only.quoted ? [only.text] : expandBraces(only.text);
  const list = wholeArray(only, word.length, session);
  if (list !== undefined) return list;
  const alternatives = bracesSpan(word) ? bracedAlternatives(word) : [word];
  return alternatives.flatMap((alternative) => fields(alternative, session, run)).slice(0, mostFields);
}

/** The one string that a word becomes where no splitting happens: assignments, redirects, here-strings. */
export function expandToText(word: Word, session: ShellSession, run: RunForOutput): string {
  return word
    .map((part) => valueOf(part, session, run))
    .join('')
    .slice(0, longestField);
}

function fields(word: Word, session: ShellSession, run: RunForOutput): string[] {
  const out: string[] = [];
  let current: string | undefined;
  for (const part of word) {
    const value = valueOf(part, session, run);
    const splits = (part.kind === 'variable' || part.kind === 'output') && !part.quoted;
    if (!splits) {
      if (part.kind !== 'opaque' || value !== '') current = (current ?? '') + value;
      continue;
    }
    const pieces = value.split(separators(session));
    const [first = '', ...rest] = pieces;
    if (first !== '') current = (current ?? '') + first;
    for (const piece of rest) {
      if (current !== undefined) out.push(current);
      current = piece === '' ? undefined : piece;
    }
  }
  if (current !== undefined) out.push(current);
  return out.slice(0, mostFields).map((field) => field.slice(0, longestField));
}

function separators(session: ShellSession): RegExp {
  const separator = session.variables.get('IFS') ?? ' \t\n';
  return separator === ' \t\n' || separator === '' || separator.includes(dynamicText)
    ? /[ \t\n]+/
    : new RegExp(`[${separator.slice(0, 16).replace(/[\]\\^-]/g, '\\$&')}]+`);
}

function valueOf(part: Part, session: ShellSession, run: RunForOutput): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'variable':
      return variableValue(part.expression, session);
    case 'output':
      return run(part.body)?.replace(/\n+$/, '') ?? dynamicText;
    case 'process': {
      // The output becomes a file, so that a shell that runs it can be followed.
      const path = `/dev/fd/${part.body.length}`;
      const output = run(part.body);
      if (output !== undefined) session.write(path, output);
      return output === undefined ? dynamicText : path;
    }
    case 'opaque':
      run(part.body);
      return '';
  }
}

function wholeArray(part: Part, parts: number, session: ShellSession): string[] | undefined {
  if (parts !== 1 || part.kind !== 'variable') return undefined;
  const match = /^(\w+)\[[@*]\]$/.exec(part.expression);
  if (match?.[1] !== undefined) return session.arrays.get(match[1]) ?? [dynamicText];
  if (part.expression === '@' || part.expression === '*') return session.arrays.get('@') ?? [];
  return undefined;
}

/** The value of `$expression` or `${expression}`; operators on unknown values stay unknown. */
function variableValue(expression: string, session: ShellSession): string {
  const direct = lookUp(expression, session);
  if (direct !== undefined) return direct;
  const match = /^(!?)(#?)(\w+(?:\[[^\]]*\])?|[@*])(?:(:?[-=+?]|##?|%%?|\/\/?|:|\^\^?|,,?)([\s\S]*))?$/.exec(expression);
  const name = match?.[3];
  if (match === null || name === undefined) return dynamicText;
  const [, indirect, length, , operator = '', operand = ''] = match;
  const value = lookUp(name, session);
  if (indirect === '!') return value === undefined ? dynamicText : (lookUp(value, session) ?? dynamicText);
  if (length === '#') return value === undefined ? dynamicText : String(value.length);
  if (/^:?[-=]$/.test(operator)) return value ?? substituted(operand, session);
  if (/^:?\+$/.test(operator)) return substituted(operand, session);
  return value === undefined ? dynamicText : applied(value, operator, operand, session);
}

function lookUp(name: string, session: ShellSession): string | undefined {
  const plain = session.variables.get(name);
  if (plain !== undefined) return plain;
  if (/^\d$/.test(name)) return session.arrays.get('@')?.[Number(name) - 1];
  if (name === '@' || name === '*') return session.arrays.get('@')?.join(' ');
  const element = /^(\w+)(?:\[(\d+|[@*])\])?$/.exec(name);
  const list = session.arrays.get(element?.[1] ?? '');
  if (list === undefined) return undefined;
  const index = element?.[2] ?? '0';
  return index === '@' || index === '*' ? list.join(' ') : list[Number(index)];
}

function applied(value: string, operator: string, operand: string, session: ShellSession): string {
  if (value.includes(dynamicText) || value.length > 2_000 || operand.split('*').length > 4) return dynamicText;
  if (operator === ':') {
    const [start = 0, length] = operand.split(':').map((piece) => Number(piece.trim()));
    if (Number.isNaN(start)) return dynamicText;
    const from = start < 0 ? Math.max(0, value.length + start) : start;
    return length === undefined ? value.slice(from) : value.slice(from, length < 0 ? length : from + length);
  }
  if (operator.startsWith('/')) {
    const [pattern = '', replacement = ''] = operand.split(/(?<!\\)\//);
    const expression = globExpression(substituted(pattern, session), operator === '//' ? 'g' : '');
    return value.replace(expression, () => substituted(replacement, session));
  }
  if (operator === '#' || operator === '##') return value.replace(new RegExp(`^${globSource(operand, operator === '#')}`), '');
  if (operator === '%' || operator === '%%') return withoutSuffix(value, operand, operator === '%');
  if (operator.startsWith('^')) return operator === '^^' ? value.toUpperCase() : value.charAt(0).toUpperCase() + value.slice(1);
  if (operator.startsWith(',')) return operator === ',,' ? value.toLowerCase() : value.charAt(0).toLowerCase() + value.slice(1);
  return value;
}

function withoutSuffix(value: string, pattern: string, shortest: boolean): string {
  const expression = new RegExp(`^${globSource(pattern, false)}$`);
  const starts = Array.from({ length: Math.min(value.length, 256) + 1 }, (_, index) => value.length - index);
  for (const start of shortest ? starts : starts.reverse()) if (expression.test(value.slice(start))) return value.slice(0, start);
  return value;
}

function substituted(text: string, session: ShellSession): string {
  const unquoted = text.replace(/^(["'])([\s\S]*)\1$/, '$2');
  return unquoted.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (_, braced?: string, plain?: string) => lookUp(braced ?? plain ?? '', session) ?? dynamicText,
  );
}

function globExpression(pattern: string, flags: string): RegExp {
  return new RegExp(globSource(pattern, false), flags);
}

/** A regular expression for a glob pattern, without anchors. */
export function globSource(pattern: string, shortest: boolean): string {
  return pattern
    .slice(0, 200)
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, shortest ? '[\\s\\S]*?' : '[\\s\\S]*')
    .replaceAll('?', '[\\s\\S]')
    .replace(/\[!/g, '[^')
    .replace(/\[(?![^\]]+\])/g, '\\[')
    .replace(/(?<!\\)\[[^\]]+\]/g, (set) => (isSet(set) ? set : `\\${set}`));
}

/** A set of characters whose ranges run backwards, as in `[9-1]`, is none. */
function isSet(source: string): boolean {
  try {
    return new RegExp(source).source !== '';
  } catch {
    return false;
  }
}

function bracesSpan(word: Word): boolean {
  let text = '';
  for (const part of word) if (part.kind === 'text' && !part.quoted) text += part.text;
  return /\{.*(?:,|\.\.).*\}/.test(text);
}

/** Braces across several parts: the pieces between commas are words of their own. */
function bracedAlternatives(word: Word): Word[] {
  const marked = word.map((part, index) => (part.kind === 'text' && !part.quoted ? part.text : `\u{F0000}${index}\u{F0001}`)).join('');
  return expandBraces(marked).map((text) =>
    [...text.matchAll(/\u{F0000}(\d+)\u{F0001}|[^\u{F0000}]+/gu)].map(
      ([piece, index]): Part => (index === undefined ? undefined : word[Number(index)]) ?? { kind: 'text', text: piece, quoted: false },
    ),
  );
}

/** Brace expansion: `a{b,c}` and `{1..3}`. */
function expandBraces(text: string): string[] {
  if (!text.includes('{')) return [text];
  const results: string[] = [];
  const queue = [text];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const expanded = results.length + queue.length < mostFields ? expandFirstBrace(next) : undefined;
    if (expanded === undefined) results.push(next);
    else queue.unshift(...expanded);
  }
  return results;
}

function expandFirstBrace(text: string): string[] | undefined {
  let tries = 0;
  for (let open = text.indexOf('{'); open !== -1 && tries < mostBraces; open = text.indexOf('{', open + 1)) {
    tries += 1;
    if (text.charAt(open - 1) === '$') continue;
    const inner = braceInner(text, open);
    if (inner === undefined) continue;
    const head = text.slice(0, open);
    const tail = text.slice(inner.end + 1);
    const range = /^(-?\d+)\.\.(-?\d+)$/.exec(inner.pieces.join(','));
    const pieces = range === null ? inner.pieces : sequence(Number(range[1]), Number(range[2]));
    if (pieces.length > 1) return pieces.map((piece) => head + piece + tail);
  }
  return undefined;
}

function sequence(first: number, last: number): string[] {
  const step = first <= last ? 1 : -1;
  return Array.from({ length: Math.min(Math.abs(last - first) + 1, 32) }, (_, index) => String(first + index * step));
}

function braceInner(text: string, open: number): { pieces: string[]; end: number } | undefined {
  const pieces: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < Math.min(text.length, open + 4096); at += 1) {
    const char = text.charAt(at);
    if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    if ((char === ',' && depth === 1) || (char === '}' && depth === 0)) {
      pieces.push(text.slice(start, at));
      start = at + 1;
    }
    if (depth === 0) return { pieces, end: at };
  }
  return undefined;
}
