import { FAILED, nameJoiner, PASSED, type Statuses, parserError } from './parser.ts';
import { isSpace, spacesAfter } from './python-text.ts';

/**
 * Karma's spec reporter between `Starting browser` and `SUMMARY:`: suites by indentation, tests by ✔ and ✖.
 * Siblings on one level keep the first one's name, and closing more suites than were opened breaks it.
 */
export function karma(log: string, statuses: Statuses = new Map()): Statuses {
  const join = nameJoiner(log, ' > ');
  const suites: string[] = [];
  let indent = -1;
  let started = false;
  for (const line of log.split('\n')) {
    if (line.startsWith('SUMMARY:')) return statuses;
    if (line.includes('Starting browser')) {
      started = true;
      continue;
    }
    const entry = started ? readEntry(line) : undefined;
    if (entry?.status !== undefined) {
      statuses.set(join(suites, entry.name), entry.status);
    } else if (entry !== undefined && entry.indent > indent) {
      indent = entry.indent;
      suites.push(entry.name);
    } else if (entry !== undefined && entry.indent < indent) {
      indent = entry.indent;
      if (suites.pop() === undefined) throw parserError('a suite is closed that was never opened');
    }
  }
  return statuses;
}

/** The symbol must have a space behind it. Without symbol the last space of the indentation is not part of it. */
function readEntry(line: string): { indent: number; name: string; status?: string } | undefined {
  const spaces = spacesAfter(line, 0);
  const symbol = line[spaces];
  if ((symbol === '✔' || symbol === '✖') && isSpace(line.charCodeAt(spaces + 1))) {
    return { indent: spaces, name: line.slice(spaces + 2), status: symbol === '✔' ? PASSED : FAILED };
  }
  return spaces > 1 ? { indent: spaces - 1, name: line.slice(spaces) } : undefined;
}
