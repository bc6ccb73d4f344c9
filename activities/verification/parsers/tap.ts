import { cutLooseDuration } from './duration.ts';
import { FAILED, lineParser, nameJoiner, PASSED, SKIPPED, type Statuses, setIfAbsent } from './parser.ts';
import { isSpace, pythonPattern, spacesBefore, splitLines, strip, stripEnd } from './python-text.ts';

const point = pythonPattern(String.raw`^(ok|not ok) \d+ (.+)$`);

/** TAP at any depth. The name is all after the number: `- name`, `name # SKIP`; so what was skipped counts as passed. */
export const tap = lineParser((line) => {
  const [, word, name = ''] = point.exec(line) ?? [];
  return word === undefined ? undefined : [name, word === 'ok' ? PASSED : FAILED];
});

const dashedPoint = pythonPattern(String.raw`^(not ok|ok)\s+\d+\s+-\s+(.*)$`);

/**
 * TAP with blocks: `ok 1 - suite {` opens one, a line of `}` closes. Names are joined with their suites'.
 * Directives are cut off before they are looked for, so only one without a space before it makes a test skipped.
 */
export function tapBlocks(log: string, statuses: Statuses = new Map()): Statuses {
  const join = nameJoiner(log, ' :: ');
  const suites: string[] = [];
  for (const raw of splitLines(log)) {
    const line = strip(raw);
    if (line !== '' && line.replaceAll('}', '') === '') {
      suites.splice(Math.max(0, suites.length - line.length));
      continue;
    }
    const opens = line.endsWith('{');
    const [, word, rest = ''] = dashedPoint.exec(opens ? stripEnd(line.slice(0, -1)) : line) ?? [];
    if (word === undefined) continue;
    const uncut = beforeDirective(rest);
    const name = cutLooseDuration(strip(uncut));
    if (name === '') continue;
    record(statuses, join(suites, name), word, uncut.toLowerCase());
    if (opens) suites.push(name);
  }
  return statuses;
}

function record(statuses: Statuses, name: string, word: string, lowerCase: string): void {
  if (lowerCase.includes('# skip') || lowerCase.includes('# todo')) statuses.set(name, SKIPPED);
  else if (word === 'ok') setIfAbsent(statuses, name, PASSED);
  else statuses.set(name, FAILED);
}

function beforeDirective(rest: string): string {
  let hash = rest.indexOf('#');
  while (hash !== -1 && !(hash > 0 && isSpace(rest.charCodeAt(hash - 1)))) hash = rest.indexOf('#', hash + 1);
  return hash === -1 ? rest : rest.slice(0, spacesBefore(rest, hash));
}
