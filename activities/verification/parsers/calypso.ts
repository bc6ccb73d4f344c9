import { FAILED, nameJoiner, PASSED, type Statuses, parserError } from './parser.ts';
import { isSpace, pythonPattern, spacesAfter, strip } from './python-text.ts';

const command = ' ./node_modules/.bin/jest ';
const duration = pythonPattern(String.raw`\(\d+ms\)`);
const durationAtEnd = pythonPattern(String.raw`^\(\d+ms\)$`);

/**
 * wp-calypso's jest, from each of its commands to the first summary or report. Every indented line that is no test
 * is a suite, down to the indentation that ends it. A duration that is not at the line's end breaks it.
 */
export function calypso(log: string, statuses: Statuses = new Map()): Statuses {
  const join = nameJoiner(log, ' - ');
  const suites: { name: string; indent: number }[] = [];
  for (const run of log.split(command).slice(1)) {
    for (const line of run.split('\n')) {
      if (line.startsWith('Test Suites') || line.startsWith('  ● ')) break;
      const indent = spacesAfter(line, 0);
      const symbol = line[indent];
      if (symbol === '✓' || symbol === '✕') {
        const path = suites.map((suite) => suite.name);
        const name = join(path.length === 0 ? [''] : path, titleOf(line, indent));
        statuses.set(strip(name), symbol === '✓' ? PASSED : FAILED);
      } else if (indent > 0) {
        while ((suites.at(-1)?.indent ?? -1) >= indent) suites.pop();
        suites.push({ name: strip(line), indent });
      }
    }
  }
  return statuses;
}

function titleOf(line: string, indent: number): string {
  const title = line.slice(indent + 2);
  if (indent === 0 || !isSpace(line.charCodeAt(indent + 1))) throw parserError(`a test that is not a jest line: ${line.slice(0, 80)}`);
  if (!duration.test(line)) return title;
  const open = title.lastIndexOf('(');
  if (open === -1 || !durationAtEnd.test(title.slice(open))) throw parserError(`a duration within a title: ${line.slice(0, 80)}`);
  return title.slice(0, open);
}
