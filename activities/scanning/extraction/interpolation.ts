import type { Part, Statement, Word } from './shell-syntax.ts';

const variablePattern = /\$(?:\{([^}\n]*)\}|([A-Za-z_]\w*|[0-9@*#?!$-]))/g;

/** The body of a here-document whose delimiter was not quoted: text, variables and command substitutions. */
export function interpolatedWord(body: string, read: (source: string) => Statement[]): Word {
  const parts: Part[] = [];
  let rest = 0;
  for (const found of substitutions(body)) {
    parts.push(...variables(body.slice(rest, found.start)));
    parts.push({ kind: 'output', body: read(found.source), quoted: true });
    rest = found.end;
  }
  parts.push(...variables(body.slice(rest)));
  return parts;
}

function variables(text: string): Part[] {
  const parts: Part[] = [];
  let rest = 0;
  for (const match of text.matchAll(variablePattern)) {
    if (text.charAt(match.index - 1) === '\\') continue;
    parts.push({ kind: 'text', text: unescape(text.slice(rest, match.index)), quoted: true });
    parts.push({ kind: 'variable', expression: match[1] ?? match[2] ?? '', quoted: true });
    rest = match.index + match[0].length;
  }
  parts.push({ kind: 'text', text: unescape(text.slice(rest)), quoted: true });
  return parts;
}

function unescape(text: string): string {
  return text.replace(/\\([$`\\])/g, '$1');
}

interface Found {
  start: number;
  end: number;
  source: string;
}

function* substitutions(body: string): Generator<Found> {
  const opening = /\\[\s\S]|\$\((?!\()|`/g;
  for (let match = opening.exec(body); match !== null; match = opening.exec(body)) {
    if (match[0].startsWith('\\')) continue;
    const inner = match.index + match[0].length;
    const end = match[0] === '`' ? body.indexOf('`', inner) : closingParenthesis(body, inner);
    if (end === -1) continue;
    yield { start: match.index, end: end + 1, source: body.slice(inner, end) };
    opening.lastIndex = end + 1;
  }
}

function closingParenthesis(body: string, from: number): number {
  const marks = /\\[\s\S]|'[^']*'|[()]/g;
  marks.lastIndex = from;
  let depth = 1;
  for (let match = marks.exec(body); match !== null; match = marks.exec(body)) {
    if (match[0] === '(') depth += 1;
    else if (match[0] === ')') depth -= 1;
    if (depth === 0) return match.index;
  }
  return -1;
}
