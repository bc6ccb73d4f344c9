import { nameBeforeDots } from './dotted-line.ts';
import { FAILED, PASSED, SKIPPED, type Statuses } from './parser.ts';
import { pythonPattern, splitLines, strip } from './python-text.ts';

const testLine = pythonPattern(String.raw`^\s*\d+/\d+\s+Test\s+#\d+:\s+`, 'i');
const result = pythonPattern(String.raw`(Passed|Failed|Skipped|Timeout)\b`, 'iy');

/** CTest's progress, ` 1/12 Test #1: name .... Passed`. It prints failures as `***Failed`, which is not read: they are absent. */
export function ctest(log: string, statuses: Statuses = new Map()): Statuses {
  for (const line of splitLines(log)) {
    const start = testLine.exec(line)?.[0].length;
    const found = start === undefined ? undefined : nameBeforeDots(line, start, 1, result);
    if (found === undefined) continue;
    const word = found.status.toUpperCase();
    statuses.set(strip(found.name), word === 'PASSED' ? PASSED : word === 'FAILED' || word === 'TIMEOUT' ? FAILED : SKIPPED);
  }
  return statuses;
}
