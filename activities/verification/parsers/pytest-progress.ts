import { ERROR, FAILED, PASSED, SKIPPED, type Statuses, setIfAbsent } from './parser.ts';
import { isSpace, pythonPattern, spacesBefore, splitLines, strip, stripEnd } from './python-text.ts';
import { statusWords, withoutColours } from './pytest.ts';

const anyStatus = statusWords.join('|');
const workerLine = pythonPattern(String.raw`^\[gw\d+\]\s+\[[^\]]*\]\s+(\w+)\s+(.*)$`);
const timeAtEnd = pythonPattern(String.raw`^\s+in\s+\d+(?:\.\d+)?s$`);
const statusBeforeBracket = pythonPattern(String.raw`\s(${anyStatus})\s+\[`, 'g');
const statusFirst = pythonPattern(String.raw`^(${anyStatus})\s+(.*)$`);

/** pytest's progress lines with durations: `[gw0] [ 5%] PASSED id in 1s`, `id PASSED [ 5%] in 1.2s` and `PASSED id`. */
export function pytestProgress(log: string, statuses: Statuses = new Map()): Statuses {
  for (const raw of splitLines(log)) {
    const line = strip(withoutColours(raw));
    const result = readWorkerLine(line) ?? readTimedLine(line) ?? readStatusFirst(line);
    if (result !== undefined) statuses.set(result.name, result.status);
  }
  return statuses;
}

interface Result {
  name: string;
  status: string;
}

function readWorkerLine(line: string): Result | undefined {
  const [, status = '', rest = ''] = workerLine.exec(line) ?? [];
  return statusWords.some((word) => word === status) ? { name: beforeTime(rest), status } : undefined;
}

/** The first status that the last bracket pair follows; the time stands behind that pair. */
function readTimedLine(line: string): Result | undefined {
  const close = line.lastIndexOf(']');
  if (close === -1 || !timeAtEnd.test(line.slice(close + 1))) return undefined;
  const earlierClose = line.lastIndexOf(']', close - 1);
  for (const match of line.slice(0, close).matchAll(statusBeforeBracket)) {
    if (match.index + match[0].length <= earlierClose) continue;
    const [, status = ''] = match;
    return { name: stripEnd(line.slice(0, match.index)), status };
  }
  return undefined;
}

function readStatusFirst(line: string): Result | undefined {
  const [, status, rest = ''] = statusFirst.exec(line) ?? [];
  return status === undefined ? undefined : { name: beforeTime(rest), status };
}

function beforeTime(rest: string): string {
  const time = rest.indexOf(' in ');
  return strip(time === -1 ? rest : rest.slice(0, time));
}

const order = [PASSED, FAILED, SKIPPED, ERROR] as const;
const failures = `${'='.repeat(35)} FAILURES ${'='.repeat(35)}`;
const rule = '_'.repeat(27);

/**
 * pytest's verbose lines as C extensions' projects run it: a status anywhere but at the start, named by what follows the
 * last `::` before it. From the failures' heading on, only the headings of single failures count.
 */
export function pytestVerbose(log: string, statuses: Statuses = new Map()): Statuses {
  let inFailures = false;
  for (const raw of splitLines(log)) {
    const line = strip(raw);
    if (line.startsWith(failures)) {
      inFailures = true;
    } else if (inFailures) {
      if (line.length >= 56 && line.startsWith(`${rule} `) && line.endsWith(` ${rule}`)) statuses.set(line.slice(28, -28), FAILED);
    } else {
      readVerboseLine(statuses, line);
    }
  }
  return statuses;
}

function readVerboseLine(statuses: Statuses, line: string): void {
  for (const status of order) {
    const at = indexAfterSpace(line, status);
    if (at === -1) continue;
    const name = line.slice(0, spacesBefore(line, at)).split('::').at(-1) ?? '';
    if (status === PASSED) setIfAbsent(statuses, name, status);
    else statuses.set(name, status);
    return;
  }
}

function indexAfterSpace(line: string, word: string): number {
  let at = line.indexOf(word);
  while (at !== -1 && !(at > 0 && isSpace(line.charCodeAt(at - 1)))) at = line.indexOf(word, at + 1);
  return at;
}
