import { isUtf8 } from 'node:buffer';
import { quoteC, unquoteC } from '../patches/c-quoting.ts';

/** Attributes travel in the arguments of a process, which cannot be longer than 128 KiB in all. */
const attributesLimit = 32 * 1024;

/** Where in a diff the part of a file begins; lines of content never begin so. */
const partStart = 'diff --git ';

/**
 * Attribute lines that make git show as binary each file whose part of the diff is not valid UTF-8, which text
 * could not carry unharmed. Expects a diff without renames and with quoted paths.
 */
export function binaryAttributes(diff: Buffer): string {
  const lines = new Set<string>();
  for (const part of partsOf(diff)) {
    if (isUtf8(part)) continue;
    const header = part.toString('latin1', 0, part.indexOf(0x0a)).slice(partStart.length);
    // The same path stands there twice, as a/… and b/….
    const half = header.slice(0, (header.length - 1) / 2);
    const path = half.startsWith('"') ? unquoteC(half.slice(1, -1), 'latin1').toString('latin1') : half;
    lines.add(`${attributePattern(path.slice('a/'.length))} -diff\n`);
  }
  const text = [...lines].join('');
  return text.length > attributesLimit ? '* -diff\n' : text;
}

function* partsOf(diff: Buffer): Generator<Buffer> {
  const next = (from: number) => diff.indexOf(`\n${partStart}`, from);
  let start = 0;
  for (let end = next(start); end !== -1; end = next(start)) {
    yield diff.subarray(start, end + 1);
    start = end + 1;
  }
  yield diff.subarray(start);
}

/** The exact path, a character a byte, as a pattern: globs escaped, then quoted as git reads quoted attribute patterns. */
function attributePattern(path: string): string {
  return quoteC(Buffer.from(`/${path}`.replaceAll(/[*?[\]\\]/g, '\\$&'), 'latin1'));
}

/** Paths of binary files in `git diff --numstat -z`. */
export function binaryPaths(numstat: Buffer): string[] {
  return numstat
    .toString('utf8')
    .split('\0')
    .filter((entry) => entry.startsWith('-\t-\t'))
    .map((entry) => entry.slice(4));
}
