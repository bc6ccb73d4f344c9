import { FAILED, type Statuses } from './parser.ts';
import { pythonPattern, strip } from './python-text.ts';

// oxlint-disable-next-line no-control-regex -- the escape character begins each of them
const ansi = /\x1b(?:[@-Z\\-_]|\[[0-?]*[ -/]*[@-~])/g;

/** Removes terminal escape sequences. */
export function withoutAnsi(log: string): string {
  return log.replace(ansi, '');
}

const horizontal = String.raw`(?![\r\n])\s`;
const browser = pythonPattern(String.raw`Chrome\s[\d\.]+${horizontal}\(`, 'g');
const afterBracket = pythonPattern(String.raw`\)${horizontal}`);

/** Chart.js's Karma: `Chrome 99.0 (Linux) name FAILED`. Only failures are reported; the space before FAILED stays. */
export function chartJs(log: string, statuses: Statuses = new Map()): Statuses {
  const text = withoutAnsi(log);
  let lineEnd = -1;
  let hopelessUntil = 0;
  browser.lastIndex = 0;
  for (let match = browser.exec(text); match !== null; match = browser.exec(text)) {
    const open = match.index + match[0].length;
    if (open > lineEnd) lineEnd = endOfLine(text, open);
    const nameStart = open > hopelessUntil && text.endsWith('FAILED', lineEnd) ? nameAfterPlatform(text, open, lineEnd) : -1;
    if (nameStart !== -1 && nameStart <= lineEnd - 6) {
      statuses.set(text.slice(nameStart, lineEnd - 6), FAILED);
      browser.lastIndex = lineEnd;
    } else {
      // What one browser of a line lacks, the later ones lack too.
      hopelessUntil = lineEnd;
      browser.lastIndex = match.index + 1;
    }
  }
  return statuses;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline === -1 ? text.length : newline;
}

/** The platform in brackets holds one character at least. */
function nameAfterPlatform(text: string, open: number, lineEnd: number): number {
  const match = afterBracket.exec(text.slice(open + 1, lineEnd));
  return match === null ? -1 : open + 1 + match.index + match[0].length;
}

const numbered = pythonPattern(String.raw`^\d+\)\s(.*)`);

/** marked's Jasmine: unindented `1) name` lines, failures only. */
export function marked(log: string, statuses: Statuses = new Map()): Statuses {
  for (const line of log.split('\n')) {
    const name = numbered.exec(line)?.[1];
    if (name !== undefined) statuses.set(strip(name), FAILED);
  }
  return statuses;
}
