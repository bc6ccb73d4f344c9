import { cutBracketedDuration } from './duration.ts';
import { FAILED, nameJoiner, type Parser, PASSED, SKIPPED } from './parser.ts';
import { pythonPattern, spacesAfter, strip } from './python-text.ts';

const symbols: Record<string, string> = { '✔': PASSED, '✘': FAILED, '↩': SKIPPED };
const wordThenText = pythonPattern(String.raw`^\w.+ $`);

/** PHPUnit's TestDox: suites `Name (Namespace\Class)`, tests ✔ ✘ ↩ below. SWE-rebench cuts durations off, SWE-bench does not. */
export function testDox(durations: 'cut' | 'kept'): Parser {
  return (log, statuses = new Map()) => {
    const join = nameJoiner(log, ' > ');
    let suite = 'None';
    for (const line of log.split('\n')) {
      const heading = suiteOf(line);
      const symbol = spacesAfter(line, 0);
      const status = symbols[line[symbol] ?? ''];
      if (heading !== undefined) {
        suite = heading;
      } else if (status !== undefined) {
        const name = line.slice(spacesAfter(line, symbol + 1));
        statuses.set(join([suite], durations === 'cut' ? strip(cutBracketedDuration(name, 'square')) : name), status);
      }
    }
    return statuses;
  };
}

/** Any line that begins with a word and ends in brackets after a space. */
export function suiteOf(line: string): string | undefined {
  if (!line.endsWith(')')) return undefined;
  const open = line.lastIndexOf(' (', line.length - 4);
  return open > 0 && wordThenText.test(line.slice(0, open + 1)) ? line.slice(0, open) : undefined;
}
