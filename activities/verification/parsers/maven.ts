import { nameTable } from '../../../schemas/name-table.ts';
import { junitFragments } from './junit-xml.ts';
import { AllStatuses, ERROR, FAILED, PASSED, SKIPPED, type Statuses, setIfAbsent } from './parser.ts';
import { isSpace, nextWord, pythonPattern, splitLines, strip, wholeNumber } from './python-text.ts';
import { nameBeforeDots } from './dotted-line.ts';

const noName = '---NO TEST NAME FOUND YET---';

/** One Maven run a test: the test's name from the traced command, its status from the build's. */
export function mavenBuilds(log: string, statuses: Statuses = new Map()): Statuses {
  let current = noName;
  for (const raw of log.split('\n')) {
    const line = strip(raw);
    current = lastTestOption(line) ?? current;
    if (line.endsWith('BUILD SUCCESS')) statuses.set(current, PASSED);
    else if (line.endsWith('BUILD FAILURE')) statuses.set(current, FAILED);
  }
  return statuses;
}

const testOption = '-Dtest=';

function lastTestOption(line: string): string | undefined {
  for (let at = line.lastIndexOf(testOption); at !== -1; at = at === 0 ? -1 : line.lastIndexOf(testOption, at - 1)) {
    const start = at + testOption.length;
    if (start < line.length && !isSpace(line.charCodeAt(start))) return nextWord(line, start)?.text;
  }
  return undefined;
}

const running = pythonPattern(String.raw`^(?:\[INFO\]\s+)?Running\s+([A-Za-z0-9_$.]+)$`);
const failure = pythonPattern(String.raw`^\[ERROR\]\s+([A-Za-z0-9_$.]+)`);
const summary = pythonPattern(String.raw`Tests run:\s*(\d+),\s*Failures:\s*(\d+),\s*Errors:\s*(\d+),\s*Skipped:\s*(\d+)`);

/**
 * Surefire and Failsafe: single failures, else the class as a whole by its summary. Results of JUnit fragments and of the
 * builds are added where absent, so nearly every log also has a name for the build.
 */
export function surefire(log: string, statuses: Statuses = new Map()): Statuses {
  const seen = new Set<string>();
  let current: string | undefined;
  for (const raw of splitLines(log)) {
    const line = strip(raw);
    const started = running.exec(line)?.[1];
    if (started !== undefined) {
      current = started;
      seen.add(started);
      continue;
    }
    const failed = failedMethod(line);
    if (failed !== undefined) {
      statuses.set(failed.name, line.includes('Exception') && !line.includes('AssertionError') ? ERROR : FAILED);
      setIfAbsent(statuses, failed.className, FAILED);
      continue;
    }
    const counts = summaryCounts(summary, line);
    if (counts === undefined) continue;
    const className = summarisedClass(line) ?? current;
    if (className !== undefined && className !== '') setIfAbsent(statuses, className, classStatus(counts));
    current = undefined;
  }
  for (const read of [junitFragments, mavenBuilds]) {
    const found = read(log, new AllStatuses());
    for (const [name, status] of found) setIfAbsent(statuses, name, status);
    if (statuses instanceof AllStatuses && found instanceof AllStatuses) statuses.hearAll(found);
  }
  if (statuses.size === 0) for (const className of seen) statuses.set(className, PASSED);
  return statuses;
}

interface Counts {
  run: bigint;
  failures: bigint;
  errors: bigint;
  skipped: bigint;
}

function summaryCounts(pattern: RegExp, line: string): Counts | undefined {
  const match = pattern.exec(line);
  if (match === null) return undefined;
  const [run = 0n, failures = 0n, errors = 0n, skipped = 0n] = match.slice(1).map(wholeNumber);
  return { run, failures, errors, skipped };
}

function classStatus({ failures, errors, skipped }: Counts): string {
  if (failures > 0n || errors > 0n) return FAILED;
  return skipped > 0n ? SKIPPED : PASSED;
}

function summarisedClass(line: string): string | undefined {
  const at = line.lastIndexOf(' in ');
  if (at === -1) return undefined;
  const name = strip(line.slice(at + 4));
  let end = name.length;
  while (end > 0 && '.:;'.includes(name.charAt(end - 1))) end--;
  return name.slice(0, end);
}

const wordCharacter = pythonPattern(String.raw`^\w$`);
const lineNumber = pythonPattern(String.raw`:\d+(?!\w)`, 'y');

/**
 * `[ERROR] package.Class.method:12 …`: the class reaches to the last dot that leaves a method, and the method to the
 * first word boundary (or to the line number), even a boundary within it such as before a `$`.
 */
function failedMethod(line: string): { name: string; className: string } | undefined {
  const match = failure.exec(line);
  if (match === null) return undefined;
  const path = match[1] ?? '';
  const start = match[0].length - path.length;
  let end = -1;
  for (let dot = path.length - 1; dot > 0; dot--) {
    if (dot + 2 <= path.length && endsMethod(line, start + dot + 2, match[0].length)) end = dot + 2;
    if (path[dot] === '.' && end !== -1) return { name: path.slice(0, end), className: path.slice(0, dot) };
  }
  return undefined;
}

function endsMethod(line: string, at: number, pathEnd: number): boolean {
  if (isWordAt(line, at - 1) !== isWordAt(line, at)) return true;
  lineNumber.lastIndex = at;
  return at === pathEnd && lineNumber.test(line);
}

function isWordAt(line: string, at: number): boolean {
  const point = line.codePointAt(at);
  return point !== undefined && wordCharacter.test(String.fromCodePoint(point));
}

const moduleStatuses: Record<string, string> = nameTable({ SUCCESS: PASSED, FAILURE: FAILED, SKIPPED });
const moduleLine = pythonPattern(String.raw`^\[INFO\]\s+`);
const moduleStatus = pythonPattern(String.raw`(SUCCESS|FAILURE|SKIPPED)(?:\s|\[|$)`, 'y');

/** Maven's reactor summary by module, and `__suite__` by the first summary of tests. */
export function mavenReactor(log: string, statuses: Statuses = new Map()): Statuses {
  for (const raw of splitLines(log)) {
    const line = strip(raw);
    const prefix = moduleLine.exec(line)?.[0].length;
    const module = prefix === undefined ? undefined : nameBeforeDots(line, prefix, 2, moduleStatus);
    if (module !== undefined) {
      statuses.set(module.name, moduleStatuses[module.status] ?? ERROR);
      continue;
    }
    const counts = summaryCounts(summary, line);
    if (counts !== undefined) setIfAbsent(statuses, '__suite__', suiteStatus(counts));
  }
  return statuses;
}

function suiteStatus({ run, failures, errors, skipped }: Counts): string {
  if (failures > 0n) return FAILED;
  if (errors > 0n) return ERROR;
  return skipped === run ? SKIPPED : PASSED;
}

const bareRunning = pythonPattern(String.raw`^Running\s+(.+)$`);
const bareSummary = pythonPattern(String.raw`^Tests run:\s+(\d+),\s+Failures:\s+(\d+),\s+Errors:\s+(\d+),\s+Skipped:\s+(\d+)`);

/** Old Surefire without prefixes: each `Running` class by the summary that follows it. */
export function surefireBare(log: string, statuses: Statuses = new Map()): Statuses {
  let current: string | undefined;
  for (const raw of splitLines(log)) {
    const line = strip(raw);
    const started = bareRunning.exec(line)?.[1];
    if (started !== undefined) {
      current = started;
      continue;
    }
    const counts = current === undefined ? undefined : summaryCounts(bareSummary, line);
    if (current === undefined || counts === undefined) continue;
    statuses.set(current, classStatus(counts));
    current = undefined;
  }
  return statuses;
}
