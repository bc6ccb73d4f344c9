import { isSpace, spacesAfter, spacesBefore } from './python-text.ts';

/**
 * Reads `name ..... Status` from `start` on, where a name begins: the first run of at least `fewest` dots between spaces
 * that `status` (sticky, group 1 the word) matches behind, after one word at least.
 */
export function nameBeforeDots(line: string, start: number, fewest: number, status: RegExp): { name: string; status: string } | undefined {
  for (let at = line.indexOf('.', start + 1); at !== -1; ) {
    let end = at;
    while (line[end] === '.') end++;
    if (end - at >= fewest && isSpace(line.charCodeAt(at - 1)) && isSpace(line.charCodeAt(end))) {
      status.lastIndex = spacesAfter(line, end);
      const word = status.exec(line)?.[1];
      if (word !== undefined && spacesBefore(line, at) > start) return { name: line.slice(start, spacesBefore(line, at)), status: word };
    }
    at = line.indexOf('.', end);
  }
  return undefined;
}
