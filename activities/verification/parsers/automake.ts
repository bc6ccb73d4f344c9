import { FAILED, lineParser, PASSED, SKIPPED } from './parser.ts';
import { isSpace, spacesAfter } from './python-text.ts';

/** Automake's harness: `PASS: name`. Skipped, expected and hard failures are not read. */
export const automake = lineParser((line) => {
  const status = line.startsWith('PASS:') ? PASSED : line.startsWith('FAIL:') ? FAILED : undefined;
  return status !== undefined && isSpace(line.charCodeAt(5)) ? [line.slice(6), status] : undefined;
});

const microPythonWords = [
  ['pass', PASSED],
  ['FAIL', FAILED],
  ['skip', SKIPPED],
] as const;

/** MicroPython's run-tests: `pass  name`, in this very case. */
export const microPython = lineParser((line) => {
  const [word, status] = microPythonWords.find(([start]) => line.startsWith(start)) ?? [];
  return status !== undefined && isSpace(line.charCodeAt(word?.length ?? 0)) ? [line.slice(spacesAfter(line, 4)), status] : undefined;
});
