import type { AmbiguityCause } from '../../../schemas/ambiguity.ts';
import type { AllStatuses, Parser } from '../parsers/parser.ts';

export type Outcome = 'passed' | 'failed' | 'skipped';

/** A result that the tool printed in a form that the parser reads otherwise or not at all. */
export interface Said {
  /** As the parser names the test. */
  name: string;
  outcome: Outcome;
  cause: AmbiguityCause;
  line: string;
}

/** Tests that the tool counted itself, over all of its runs in the log. */
interface Totals {
  failed: number;
  /** Undefined where the tool does not count them in a comparable way. */
  passed?: number | undefined;
  line: string;
}

/** What a test tool said beyond what its parser reads. */
export interface ToolReport {
  said: Said[];
  /** Failures whose tests the parser never sees, by the tool's names for them. */
  unread: { name: string; line: string }[];
  totals?: Totals | undefined;
  /** What the totals are compared with, where the parser's results are not counted alike. */
  read?: { failed: number; passed: number } | undefined;
}

export interface ToolLog {
  /** With newlines only, and without colours. */
  text: string;
  parser: Parser;
  /** What the parser read from it. */
  statuses: AllStatuses;
}

/** Looks in a log for what the tool said and its parser does not see. Takes time linear in the log. */
export type ToolReader = (log: ToolLog) => ToolReport;

/** The name that the parser gives to the test of a line, in the form that it reads; undefined where it reads none. */
export function nameOf(parser: Parser, line: string): string | undefined {
  return parser(line).keys().next().value;
}

/** The result of a line as the parser would read it had the tool printed `meant`. */
export function saidAs(parser: Parser, meant: string, said: Omit<Said, 'name'>): Said[] {
  const name = nameOf(parser, meant);
  return name === undefined ? [] : [{ name, ...said }];
}

/** No result is longer; of longer lines the end counts, where a result stands behind output. */
const longestLine = 4096;

/** The lines that hold a text, each once, without the spaces around. */
export function* linesWith(log: string, text: string): Generator<string> {
  let end = 0;
  for (let at = log.indexOf(text); at !== -1; at = log.indexOf(text, end)) {
    const start = log.lastIndexOf('\n', at) + 1;
    const newline = log.indexOf('\n', at);
    end = newline === -1 ? log.length : newline;
    yield log.slice(Math.max(start, end - longestLine), end).trim();
    if (newline === -1) return;
  }
}

/** Adds up the numbers that a pattern (flag g) captures, by its groups; zero where it never matches. */
export function sumOf(log: string, pattern: RegExp): number {
  let sum = 0;
  for (const match of log.matchAll(pattern)) sum += match.slice(1).reduce((part, digits) => part + Number(digits ?? 0), 0);
  return sum;
}

/** The line in which a pattern matches first. */
export function firstLine(log: string, pattern: RegExp): string | undefined {
  const match = pattern.exec(log);
  if (match === null) return undefined;
  const start = log.lastIndexOf('\n', match.index) + 1;
  const newline = log.indexOf('\n', match.index);
  return log.slice(start, newline === -1 ? log.length : newline).trim();
}

/** What lines such as `2 failed, 3 passed` count, by word, over all of them; undefined where the pattern (flags gm) finds none. */
export function countsIn(log: string, lines: RegExp): { line: string; of: (word: string) => number } | undefined {
  const found = log.match(lines) ?? [];
  const [first] = found;
  if (first === undefined) return undefined;
  const sums = new Map<string, number>();
  for (const line of found) {
    for (const [, number, word = ''] of line.matchAll(/(\d+) ([a-z]+)/g)) sums.set(word, (sums.get(word) ?? 0) + Number(number));
  }
  return { line: first.trim(), of: (word) => sums.get(word) ?? 0 };
}
