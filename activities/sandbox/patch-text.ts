import { isUtf8 } from 'node:buffer';

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
    const path = half.startsWith('"') ? unquote(half.slice(1, -1)) : half;
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

const escapes: Record<string, string> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };

/** Undoes git's quoting of paths; the result holds bytes, one a character. */
function unquote(text: string): string {
  return text.replaceAll(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
  );
}

/** The exact path as a pattern: globs escaped, then quoted as git reads quoted attribute patterns. */
function attributePattern(path: string): string {
  const literal = `/${path}`.replaceAll(/[*?[\]\\]/g, '\\$&');
  const quoted = [...literal].map((char) => {
    const code = char.charCodeAt(0);
    if (char === '"' || char === '\\') return `\\${char}`;
    return code < 0x20 || code > 0x7e ? `\\${code.toString(8).padStart(3, '0')}` : char;
  });
  return `"${quoted.join('')}"`;
}

/** Paths of binary files in `git diff --numstat -z`. */
export function binaryPaths(numstat: Buffer): string[] {
  return numstat
    .toString('utf8')
    .split('\0')
    .filter((entry) => entry.startsWith('-\t-\t'))
    .map((entry) => entry.slice(4));
}
