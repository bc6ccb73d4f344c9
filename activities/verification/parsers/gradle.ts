import { bracketAtEnd } from './duration.ts';
import { FAILED, lineParser, PASSED } from './parser.ts';
import { pythonPattern, spacesBefore } from './python-text.ts';

const seconds = pythonPattern(String.raw`^\(\d+(?:\.\d+)?s\)$`);

/** Gradle's test logging, `Class > method() PASSED (1.2s)`. `BUILD FAILED` is a test called BUILD. */
export const gradle = lineParser((line) => {
  if (line.startsWith('>')) return undefined;
  const open = bracketAtEnd(line, '(', ')', seconds);
  const end = open === -1 ? line.length : spacesBefore(line, open);
  if (end === open) return undefined;
  const status = [PASSED, FAILED].find((word) => line.endsWith(word, end));
  if (status === undefined) return undefined;
  const word = end - status.length;
  const nameEnd = Math.max(twoCharacters(line), spacesBefore(line, word));
  return nameEnd < word ? [line.slice(0, nameEnd), status] : undefined;
});

const anyOutcome = pythonPattern(String.raw`\s(PASSED|FAILED)$`);

/** The same as SWE-bench reads it: no durations, and the name keeps all but the last space before the word. */
export const gradleSweBench = lineParser((line) => {
  const [, status] = line.startsWith('>') ? [] : (anyOutcome.exec(line) ?? []);
  const end = line.length - (status?.length ?? 0) - 1;
  return status !== undefined && end >= twoCharacters(line) ? [line.slice(0, end), status] : undefined;
});

/** A name has two characters at least, which may be of two units each. */
function twoCharacters(line: string): number {
  return Array.from(line.slice(0, 4)).slice(0, 2).join('').length;
}
