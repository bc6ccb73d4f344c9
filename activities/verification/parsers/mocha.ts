import { bracketAtEnd, cutLooseDuration } from './duration.ts';
import { FAILED, PASSED, SKIPPED, type Parser, type Statuses, setIfAbsent } from './parser.ts';
import { isSpace, pythonPattern, spacesAfter, spacesBefore, splitLines, strip, stripEnd } from './python-text.ts';

const numberedWithColon = pythonPattern(String.raw`^\d+\)\s+(?!\s)(.*):$`);
const numbered = pythonPattern(String.raw`^\d+\)\s+(.*)$`);
const markedNumbered = pythonPattern(String.raw`^\[W\]\s*\d+\)\s+(.*)$`);

/** Mocha's spec reporter: ✔ passed, `-` pending, failures by the headings of their reports (`1) title:`). */
export const mochaHeadings = specReporter([numberedWithColon, markedNumbered]);

/** As above, with failures where they happened (`1) title`), colons kept. */
export const mochaNumbers = specReporter([numbered]);

function specReporter(failures: readonly RegExp[]): Parser {
  return (log, statuses = new Map()) => {
    for (const raw of splitLines(log)) {
      const line = strip(raw);
      const failed = failures.map((pattern) => pattern.exec(line)?.[1]).find((text) => text !== undefined);
      const [text, status] =
        afterSymbol(line, '-', SKIPPED) ?? (failed === undefined ? afterSymbol(line, '✔', PASSED) : [failed, FAILED]) ?? [];
      const name = cutLooseDuration(text ?? '');
      if (name === '' || status === undefined) continue;
      if (status === PASSED) setIfAbsent(statuses, name, status);
      else statuses.set(name, status);
    }
    return statuses;
  };
}

function afterSymbol(line: string, symbol: string, status: string): [string, string] | undefined {
  if (!line.startsWith(symbol) || !isSpace(line.charCodeAt(symbol.length))) return undefined;
  return [line.slice(spacesAfter(line, symbol.length)), status];
}

const passSymbols = '✔✓';
const failSymbols = '✘✖×';
const skipSymbols = '○◌◦⚪';
const skipMarkers = ['(skipped)', '[skip]', '[skipped]', '[pending]', '[todo]'] as const;

/** Any runner with a symbol before each test. A `[tag]:` before the title is dropped; other lines count when marked skipped. */
export function symbolLines(log: string, statuses: Statuses = new Map()): Statuses {
  for (const raw of splitLines(log)) {
    const line = strip(raw);
    if (line === '') continue;
    const symbol = line.charAt(0);
    const name = cutLooseDuration(withoutTag(strip(line.slice(1))));
    if (passSymbols.includes(symbol)) {
      if (name !== '') setIfAbsent(statuses, name, PASSED);
    } else if (failSymbols.includes(symbol)) {
      if (name !== '') statuses.set(name, FAILED);
    } else if (skipSymbols.includes(symbol)) {
      if (name !== '') statuses.set(name, SKIPPED);
    } else {
      recordMarked(statuses, line);
    }
  }
  return statuses;
}

function withoutTag(title: string): string {
  const tagEnd = title.startsWith('[') ? title.indexOf(']:') : -1;
  const untagged = tagEnd === -1 ? title : strip(title.slice(tagEnd + 2));
  return untagged.startsWith(':') ? strip(untagged.slice(1)) : untagged;
}

function recordMarked(statuses: Statuses, line: string): void {
  const lowerCase = line.toLowerCase();
  if (!skipMarkers.some((marker) => lowerCase.includes(marker))) return;
  const name = cutLooseDuration(strip(skipMarkers.reduce((text, marker) => text.replaceAll(marker, ''), line)));
  if (name !== '') statuses.set(name, SKIPPED);
}

const numberedLine = pythonPattern(String.raw`^\s*\d+\)\s+(.+)$`);
const milliseconds = pythonPattern(String.raw`^\(\d+(?:ms)?\)$`);

/** Mocha through npx: ✔ and numbered lines, whichever of a name comes last; pending tests are not reported. */
export function mochaLast(log: string, statuses: Statuses = new Map()): Statuses {
  for (const raw of splitLines(log)) {
    const line = stripEnd(raw);
    const passed = afterSymbol(line.slice(spacesAfter(line, 0)), '✔', PASSED);
    const failed = passed === undefined ? numberedLine.exec(line)?.[1] : undefined;
    if (passed !== undefined) statuses.set(cutMilliseconds(passed[0]), PASSED);
    else if (failed !== undefined) statuses.set(cutLastBracket(strip(failed)), FAILED);
  }
  return statuses;
}

function cutMilliseconds(title: string): string {
  const open = bracketAtEnd(title, '(', ')', milliseconds);
  const start = spacesBefore(title, Math.max(open, 0));
  return open !== -1 && start > 0 && start < open ? title.slice(0, start) : title;
}

/** Cuts ` (…)` off the end, from the first bracket with a space before it and no closing bracket between it and the end. */
function cutLastBracket(title: string): string {
  if (!title.endsWith(')')) return title;
  let open = title.indexOf('(', title.lastIndexOf(')', title.length - 2) + 1);
  while (open !== -1 && !(open > 0 && isSpace(title.charCodeAt(open - 1)))) open = title.indexOf('(', open + 1);
  return open === -1 || open + 2 >= title.length ? title : title.slice(0, spacesBefore(title, open));
}
