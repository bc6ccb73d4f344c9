import { ERROR, FAILED, PASSED, SKIPPED, type Statuses, setIfAbsent } from './parser.ts';
import { isSpace, pythonPattern, spacesAfter, spacesBefore, splitLines, strip } from './python-text.ts';

const outcomes = [
  ['passed', PASSED],
  ['failed', FAILED],
  ['skipped', SKIPPED],
] as const;

/** `Test name    passed`; a pass never replaces what is known. */
export function namedOutcomes(log: string, statuses: Statuses = new Map()): Statuses {
  for (const raw of splitLines(log)) {
    const line = strip(raw);
    const [word, status] = outcomes.find(([end]) => line.endsWith(end)) ?? [];
    if (word === undefined || status === undefined || !line.startsWith('Test')) continue;
    const start = spacesAfter(line, 4);
    const end = spacesBefore(line, line.length - word.length);
    const nothingBetween = start === line.length - word.length;
    if (start === 4 || end === line.length - word.length || (nothingBetween && start < 6)) continue;
    const name = nothingBetween ? '' : line.slice(start, end);
    if (status === PASSED) setIfAbsent(statuses, name, status);
    else statuses.set(name, status);
  }
  return statuses;
}

const botan = pythonPattern(String.raw`\sran\s+(\d+)\s+tests\s+in\s+[\d.]+\s+(?:msec|sec)\s+(.+)$`, 'i');
const failedWord = pythonPattern(String.raw`\bfailed\b`, 'i');
const numbering = pythonPattern(String.raw`^\[[0-9]+/[0-9]+\]\s*`);
const lastWord = pythonPattern(String.raw`^\w$`);
const keywords = [
  [pythonPattern(String.raw`\bSKIPPED\b`, 'i'), SKIPPED],
  [pythonPattern(String.raw`\bFAILED\b|\bFAIL\b|\bFailure\b`, 'i'), FAILED],
  [pythonPattern(String.raw`\bOK\b|\bPASSED\b`, 'i'), PASSED],
] as const;

/**
 * Botan's groups (`name ran 5 tests in 1.2 msec all ok`, named without the time), `[1/9] name... OK` by the keywords of
 * the whole line (none makes it an error), and any other line that holds a keyword, named by itself.
 */
export function keywordLines(log: string, statuses: Statuses = new Map()): Statuses {
  for (const raw of splitLines(log)) {
    const line = strip(raw);
    const group = botan.exec(line);
    if (group !== null) {
      const [, count = '', tail = ''] = group;
      statuses.set(`${strip(line.slice(0, group.index))} ran ${count} tests ${tail}`, failedWord.test(tail) ? FAILED : PASSED);
      continue;
    }
    const structured = beforeEllipsis(line);
    const status = keywordStatus([structured?.word.toUpperCase() ?? '', line]);
    if (structured !== undefined) statuses.set(structured.name, status ?? ERROR);
    else if (status !== undefined) statuses.set(line, status);
  }
  return statuses;
}

function keywordStatus(texts: readonly string[]): string | undefined {
  return keywords.find(([pattern]) => texts.some((text) => pattern.test(text)))?.[1];
}

/** `name...word` at the line's end, a numbering before the name left out. */
function beforeEllipsis(line: string): { name: string; word: string } | undefined {
  let start = line.length;
  for (let width = wordWidth(line, start); width > 0; width = wordWidth(line, start)) start -= width;
  const dots = spacesBefore(line, start) - 3;
  if (start === line.length || dots < 0 || !line.startsWith('...', dots)) return undefined;
  return { name: strip(line.slice(numbering.exec(line)?.[0].length ?? 0, dots)), word: line.slice(start) };
}

/** Units of the word character that ends there; 0 where none does. */
function wordWidth(line: string, end: number): number {
  const code = line.charCodeAt(end - 1);
  if (end === 0 || isSpace(code)) return 0;
  const width = code >= 0xdc00 && code <= 0xdfff ? 2 : 1;
  return lastWord.test(line.slice(end - width, end)) ? width : 0;
}
