import { nameTable } from '../../../schemas/name-table.ts';
import { FAILED, lineParser, PASSED, SKIPPED } from './parser.ts';

const words: Record<string, string> = nameTable({ PASS: PASSED, FAIL: FAILED, SKIP: SKIPPED });

/** `go test -v`: `--- PASS: Name (0.00s)`, subtests indented. The last bracket is the duration, so a name may hold others. */
export const goTest = lineParser((line) => {
  if (!line.startsWith('--- ') || !line.endsWith(')') || !line.startsWith(': ', 8)) return undefined;
  const status = words[line.slice(4, 8)];
  const duration = line.lastIndexOf(' (', line.length - 4);
  return status !== undefined && duration > 10 ? [line.slice(10, duration), status] : undefined;
});
