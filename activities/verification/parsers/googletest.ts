import { FAILED, lineParser, PASSED } from './parser.ts';
import { isSpace, pythonPattern } from './python-text.ts';

const mark = pythonPattern(String.raw`\[\s*(OK|FAILED)\s*\](?=\s)`, 'g');

/** GoogleTest: `[       OK ] Suite.Name (0 ms)` after any prefix. Without a duration, as in the list of failures, it is no result. */
export const googleTest = lineParser((line) => {
  const duration = lastBracketAfterSpace(line);
  if (duration === -1) return undefined;
  const last = [...line.matchAll(mark)].findLast((match) => match.index + match[0].length < duration);
  if (last === undefined) return undefined;
  return [line.slice(last.index + last[0].length + 1, duration), last[1] === 'OK' ? PASSED : FAILED];
});

function lastBracketAfterSpace(line: string): number {
  if (!line.endsWith(')')) return -1;
  let open = line.lastIndexOf('(');
  while (open > 0 && !isSpace(line.charCodeAt(open - 1))) open = line.lastIndexOf('(', open - 1);
  return open > 0 ? open - 1 : -1;
}
