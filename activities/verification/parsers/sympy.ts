import { ERROR, FAILED, PASSED, type Parser } from './parser.ts';
import { nextWord, strip } from './python-text.ts';

const endings = [
  [' E', ERROR],
  [' F', FAILED],
  [' ok', PASSED],
] as const;

/** SymPy's runner: headings of failures, `__ file.py:test __`, then the lines of single tests. SWE-rebench also drops a file's `[OK]`. */
export function sympy(fileMarks: 'cut' | 'kept'): Parser {
  return (log, statuses = new Map()) => {
    const lines = log.split('\n');
    for (const line of lines) {
      const failed = headingOf(line);
      if (failed !== undefined) statuses.set(failed, FAILED);
    }
    for (const raw of lines) {
      const line = strip(raw);
      if (!line.startsWith('test_')) continue;
      const marked = fileMarks === 'cut' && (line.endsWith('[FAIL]') || line.endsWith('[OK]'));
      const test = marked ? strip(line.slice(0, line.lastIndexOf('['))) : line;
      const status = endings.find(([end]) => test.endsWith(end))?.[1];
      if (status !== undefined) statuses.set(nextWord(test)?.text ?? '', status);
    }
    return statuses;
  };
}

/** From behind the first space to before the last one, with `.py:` between them; underscores around are optional. */
function headingOf(line: string): string | undefined {
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  const file = last < 4 ? -1 : line.lastIndexOf('.py:', last - 4);
  return file > first ? line.slice(first + 1, last) : undefined;
}
