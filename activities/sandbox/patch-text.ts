import { isUtf8 } from 'node:buffer';
import { quoteC, unquoteC } from '../patches/c-quoting.ts';
import { gitPattern } from '../patches/git-pattern.ts';

/** Where in a diff the part of a file begins; lines of content never begin so. */
const partStart = 'diff --git ';

/**
 * Attribute lines that make git show as binary each file whose part of the diff is not valid UTF-8, which text
 * could not carry unharmed. Expects a diff without renames and with quoted paths.
 */
export function binaryAttributes(diff: Buffer): string[] {
  return [...partsOf(diff)].filter((part) => !isUtf8(part)).map((part) => `${attributePattern(partPath(part))} -diff\n`);
}

/** The path of one file's part of a diff, a character a byte. */
export function partPath(part: Buffer): string {
  const header = part.toString('latin1', 0, part.indexOf(0x0a)).slice(partStart.length);
  // The same path stands there twice, as a/… and b/….
  const half = header.slice(0, (header.length - 1) / 2);
  const path = half.startsWith('"') ? unquoteC(half.slice(1, -1), 'latin1').toString('latin1') : half;
  return path.slice('a/'.length);
}

/** The parts of a diff, one a file. */
export function* partsOf(diff: Buffer): Generator<Buffer> {
  const next = (from: number) => diff.indexOf(`\n${partStart}`, from);
  let start = 0;
  for (let end = next(start); end !== -1; end = next(start)) {
    yield diff.subarray(start, end + 1);
    start = end + 1;
  }
  yield diff.subarray(start);
}

/** The exact path, a character a byte, as a pattern: globs escaped, then quoted as git reads quoted attribute patterns. */
export function attributePattern(path: string): string {
  return quoteC(Buffer.from(gitPattern(`/${path}`), 'latin1'));
}
