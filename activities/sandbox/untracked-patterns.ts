import { nulList } from './patch-lists.ts';
import { gitPattern } from '../patches/git-pattern.ts';

/**
 * Lines for an exclude file that name each path of a list, as bytes. `paths` end with NUL each, folders with a slash before
 * it, as `git ls-files -z --others --directory` prints them.
 */
export function untrackedPatterns(paths: Buffer): { patterns: Buffer; count: number } {
  const lines = nulList(paths).map((path) => `/${patternOf(path)}\n`);
  return { patterns: Buffer.from(lines.join(''), 'latin1'), count: lines.length };
}

/** The exact path, a character a byte. A line cannot hold every byte: a question mark stands for any. */
function patternOf(path: string): string {
  return gitPattern(path)
    .replaceAll(/[\n\r]/g, '?')
    .replace(/ $/, '\\ ');
}

/** The first paths of such a list, for people; bytes that are not UTF-8 are replaced. */
export function firstPaths(list: Buffer, most: number): string[] {
  return nulList(list)
    .slice(0, most)
    .map((path) => Buffer.from(path, 'latin1').toString('utf8'));
}
