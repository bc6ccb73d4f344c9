import { FAILED, type Parser, PASSED, type Statuses, parserError } from './parser.ts';
import { nextWord, pythonPattern } from './python-text.ts';

/** Which of pytest's words count as a status; SWE-bench knows one more. */
export type StatusWords = readonly string[];
export const statusWords = ['FAILED', 'PASSED', 'SKIPPED', 'ERROR'] as const;
export const statusWordsWithXfail = [...statusWords, 'XFAIL'] as const;

/** Reads pytest's short summary (`-rA`): lines that begin with a status word, then the test's id up to the first space. */
export function pytestSummary(words: StatusWords): Parser {
  return (log, statuses) => readSummary(log, words, (id) => id, statuses);
}

/** As the summary; an option in brackets that is a path keeps only its last segment. */
export function pytestOptions(words: StatusWords): Parser {
  return (log, statuses) => readSummary(log, words, shortenPathOption, statuses);
}

/** As the summary, with mouse buttons by number as older versions of Matplotlib print them. */
export function matplotlib(words: StatusWords): Parser {
  return (log, statuses) => {
    const numbered = log.replaceAll('MouseButton.LEFT', '1').replaceAll('MouseButton.RIGHT', '3');
    return readSummary(numbered, words, (id) => id, statuses);
  };
}

/** Walks the lines without cutting those that cannot count: almost none of a log's lines begin with a status. */
function readSummary(log: string, words: StatusWords, name: (id: string) => string, statuses: Statuses = new Map()): Statuses {
  for (let start = 0; start !== -1; start = nextLine(log, start)) {
    if (!words.some((word) => log.startsWith(word, start))) continue;
    const [status, id] = statusAndId(lineAt(log, start));
    if (status !== undefined && id !== undefined) statuses.set(name(id), status);
  }
  return statuses;
}

function nextLine(log: string, start: number): number {
  const newline = log.indexOf('\n', start);
  return newline === -1 ? -1 : newline + 1;
}

function lineAt(log: string, start: number): string {
  const newline = log.indexOf('\n', start);
  return newline === -1 ? log.slice(start) : log.slice(start, newline);
}

/** The first word is the status as it stands (`ERRORS` and `ERROR:` too), the second the id. */
function statusAndId(line: string): [status?: string, id?: string] {
  return firstTwoWords(line.startsWith(FAILED) ? line.replaceAll(' - ', ' ') : line);
}

function firstTwoWords(line: string): [first?: string, second?: string] {
  const first = nextWord(line);
  if (first === undefined) return [];
  const second = nextWord(line, first.end);
  return second === undefined ? [first.text] : [first.text, second.text];
}

function shortenPathOption(id: string): string {
  const open = id.indexOf('[');
  const close = id.lastIndexOf(']');
  if (open === -1 || close < open) return id;
  const option = id.slice(open + 1, close);
  const isPath = option.startsWith('/') && !option.startsWith('//') && !option.includes('*');
  return `${id.slice(0, open)}[${isPath ? option.slice(option.lastIndexOf('/')) : option}]`;
}

const colour = pythonPattern(String.raw`\[\d+m`, 'g');
// oxlint-disable-next-line no-control-regex -- control characters are what it removes
const controls = /[\x01-\x09\x0b-\x1f]/g;

/** Removes colours of one number, and every control character but the newline, tabs included. */
export function withoutColours(log: string): string {
  return log.replace(colour, '').replace(controls, '');
}

/**
 * Status first, or, as old versions print it, last; then the second word is the status whatever it is.
 * A line of one word breaks SWE-rebench's form of it; SWE-bench's skips it.
 */
export function pytestEitherSide(words: StatusWords, loneWord: 'throws' | 'skipped'): Parser {
  return (log, statuses = new Map()) => {
    for (const line of withoutColours(log).split('\n')) {
      const first = words.some((word) => line.startsWith(word));
      if (!first && !words.some((word) => line.endsWith(word))) continue;
      const [left, right] = first ? statusAndId(line) : firstTwoWords(line);
      if (left !== undefined && right !== undefined) {
        if (first) statuses.set(right, left);
        else statuses.set(left, right);
      } else if (loneWord === 'throws') {
        throw parserError(`a line of one word: ${line.slice(0, 80)}`);
      }
    }
    return statuses;
  };
}

/** seaborn's: failures by the summary, passes from either side. A status alone on its line breaks it. */
export function seaborn(log: string, statuses: Statuses = new Map()): Statuses {
  for (const line of log.split('\n')) {
    const failed = line.startsWith(FAILED);
    const within = !failed && line.includes(` ${PASSED} `);
    if (!failed && !within && !line.startsWith(PASSED)) continue;
    const [first, second] = firstTwoWords(line);
    if (first === undefined || second === undefined) throw parserError(`a status without a test: ${line.slice(0, 80)}`);
    if (!within) statuses.set(second, failed ? FAILED : PASSED);
    else if (second === PASSED) statuses.set(first, PASSED);
  }
  return statuses;
}
