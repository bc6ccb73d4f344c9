import { cutWholeDuration } from './duration.ts';
import { FAILED, lineParser, PASSED, SKIPPED } from './parser.ts';
import { digitsBefore, isSpace, spacesBefore } from './python-text.ts';

const jestSymbols: Record<string, string> = { '✓': PASSED, '✕': FAILED, '○': SKIPPED };
const vitestSymbols: Record<string, string> = { '✓': PASSED, '×': FAILED, '↓': SKIPPED };

/** `jest --verbose`: symbol, one space, title. No suites in the name; a decimal duration stays in it. */
export const jest = lineParser((line) => {
  const status = jestSymbols[line[0] ?? ''];
  if (status === undefined || !isSpace(line.charCodeAt(1))) return undefined;
  return [cutWholeDuration(line.slice(2)), status];
});

/** jest's JSON, turned into lines `[PASSED] full name`. */
export const jestLines = lineParser((line) => {
  for (const status of [PASSED, FAILED]) {
    const length = status.length + 2;
    if (line.startsWith(`[${status}]`) && isSpace(line.charCodeAt(length))) return [line.slice(length + 1), status];
  }
  return undefined;
});

/** `vitest --reporter=verbose`. A trailing whole number counts as a duration even without its unit. */
export const vitest = lineParser((line) => {
  const status = vitestSymbols[line[0] ?? ''];
  if (status === undefined || !isSpace(line.charCodeAt(1))) return undefined;
  return [cutVitestSuffix(line.slice(2)), status];
});

function cutVitestSuffix(name: string): string {
  let start = name.endsWith('[skipped]') ? name.length - 9 : durationStart(name);
  if (start === -1) start = name.length;
  return start >= 2 && start < name.length && isSpace(name.charCodeAt(start - 1)) ? name.slice(0, start - 1) : name;
}

/** Where a whole number at the end begins; `s`, `m` or `ms` may follow it, after spaces or not. */
function durationStart(name: string): number {
  let at = name.length;
  if (name[at - 1] === 's') at--;
  if (name[at - 1] === 'm') at--;
  at = spacesBefore(name, at);
  const start = digitsBefore(name, at);
  return start === at ? -1 : start;
}
