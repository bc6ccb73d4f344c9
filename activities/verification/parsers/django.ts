import { ERROR, FAILED, PASSED, SKIPPED, type Statuses, parserError } from './parser.ts';
import { nextWord, pythonPattern, strip } from './python-text.ts';

const versionTest = '--version is equivalent to version';
const passes = [' ... ok', ' ... OK', ' ...  OK'] as const;
const gluedMigration = 'Applying sites.0002_alter_domain_unique...test_no_migrations';

/** Django's runner: `test (module.Class) ... ok`, also where output stands between the dots and the word. */
export function django(log: string, statuses: Statuses = new Map()): Statuses {
  let previous: string | undefined;
  for (const raw of log.split('\n')) {
    const line = strip(raw);
    if (line.includes(versionTest)) statuses.set(versionTest, PASSED);
    if (line.includes(' ... ')) previous = before(line, ' ... ');
    const ending = passes.find((end) => line.endsWith(end));
    const test = ending !== undefined && line.startsWith(gluedMigration) ? strip(line.slice(line.indexOf('...') + 3)) : line;
    if (ending !== undefined) statuses.set(test.endsWith(ending) ? test.slice(0, -ending.length) : test, PASSED);
    recordFailure(statuses, test);
    if (test.startsWith('ok') && previous !== undefined) statuses.set(previous, PASSED);
  }
  for (const noise of noises) recordInterrupted(statuses, log, noise);
  return statuses;
}

function recordFailure(statuses: Statuses, line: string): void {
  if (line.includes(' ... skipped')) statuses.set(before(line, ' ... skipped'), SKIPPED);
  if (line.endsWith(' ... FAIL')) statuses.set(before(line, ' ... FAIL'), FAILED);
  if (line.startsWith('FAIL:')) statuses.set(secondWord(line), FAILED);
  if (line.endsWith(' ... ERROR')) statuses.set(before(line, ' ... ERROR'), ERROR);
  if (line.startsWith('ERROR:')) statuses.set(secondWord(line), ERROR);
}

function before(line: string, text: string): string {
  return line.slice(0, line.indexOf(text));
}

function secondWord(line: string): string {
  const first = nextWord(line);
  const second = first === undefined ? undefined : nextWord(line, first.end);
  if (second === undefined) throw parserError(`a failure without a test: ${line.slice(0, 80)}`);
  return second.text;
}

/**
 * A message that stands between a test and its `ok`: how it begins, and for a log where the `ok` behind it ends, given
 * where the beginning ended. Beginnings are asked for in order, so that what was found for one serves the next.
 */
interface Noise {
  begins: RegExp;
  ends: (log: string) => (from: number) => number;
}

const noises: readonly Noise[] = [
  { begins: beginning('Testing against Django installed in '), ends: silenced },
  { begins: beginning('Internal Server Error: /'), ends: serverError },
  { begins: beginning(String.raw`System check identified no issues \(0 silenced\)`), ends: (log) => (from) => endOfOk(log, from) },
];

function beginning(text: string): RegExp {
  return pythonPattern(String.raw`\s\.\.\.\s${text}`, 'g');
}

function recordInterrupted(statuses: Statuses, log: string, { begins, ends }: Noise): void {
  const endAfter = ends(log);
  let lineStart = 0;
  let seen = 0;
  let matchEnd = 0;
  begins.lastIndex = 0;
  for (let match = begins.exec(log); match !== null; match = begins.exec(log)) {
    const newline = log.slice(seen, match.index).lastIndexOf('\n');
    if (newline !== -1) lineStart = seen + newline + 1;
    seen = match.index;
    const end = lineStart < matchEnd ? -1 : endAfter(begins.lastIndex);
    if (end !== -1) {
      statuses.set(log.slice(lineStart, match.index), PASSED);
      matchEnd = end;
    }
    begins.lastIndex = end === -1 ? match.index + 1 : end;
  }
}

function silenced(log: string): (from: number) => number {
  const text = ' silenced).';
  let at = log.indexOf(text);
  return (from) => {
    while (at !== -1 && (at < from || endOfOk(log, at + text.length) === -1)) at = log.indexOf(text, at + 1);
    return at === -1 ? -1 : endOfOk(log, at + text.length);
  };
}

function serverError(log: string): (from: number) => number {
  let newline = log.indexOf('\n');
  return (from) => {
    if (newline !== -1 && newline < from) newline = log.indexOf('\n', from);
    return newline > from && log[newline - 1] === '/' ? endOfOk(log, newline) : -1;
  };
}

/** Where a line `ok` ends whose newline stands at `at`. */
function endOfOk(log: string, at: number): number {
  const end = at + 3;
  return log.startsWith('\nok', at) && (end === log.length || log[end] === '\n') ? end : -1;
}
