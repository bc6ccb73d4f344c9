import { cutWholeDuration } from './duration.ts';
import { FAILED, lineParser, PASSED, SKIPPED } from './parser.ts';
import { isSpace, pythonPattern, spacesBefore } from './python-text.ts';

const result = pythonPattern(String.raw`^\[(ok|err|skip|ignore)\]:\s(.+)$`);

/** Redis's Tcl tests: `[ok]: name (5 ms)`; behind a failure's name stands its file, which is cut off. */
export const redis = lineParser((line) => {
  const [, word, rest = ''] = result.exec(line) ?? [];
  const name = cutWholeDuration(rest);
  if (word === 'ok') return [name, PASSED];
  if (word === 'err') return [withoutFile(name), FAILED];
  return word === undefined ? undefined : [name, SKIPPED];
});

function withoutFile(name: string): string {
  let file = name.length;
  while (file > 0 && !isSpace(name.charCodeAt(file - 1))) file--;
  const preposition = spacesBefore(name, file) - 2;
  const start = spacesBefore(name, Math.max(preposition, 0));
  const isFile = file < name.length && preposition > start && name.startsWith('in', preposition);
  return isFile ? name.slice(0, start) : name;
}
