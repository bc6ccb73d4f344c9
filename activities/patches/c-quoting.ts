/** Git's C-style quoting of paths in diffs, lists and attribute files. */

const escapes: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/**
 * The bytes that a quoted path stands for; `body` is what lies between its double quotes. Octal escapes are bytes, other
 * characters are those of `encoding`.
 */
export function unquoteC(body: string, encoding: 'utf8' | 'latin1'): Buffer {
  const parts: Buffer[] = [];
  for (const [piece, octal, letter] of body.matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/gs)) {
    if (octal !== undefined) parts.push(Buffer.of(Number.parseInt(octal, 8) & 0xff));
    else if (letter !== undefined) parts.push(Buffer.of(escapes[letter] ?? letter.charCodeAt(0)));
    else parts.push(Buffer.from(piece, encoding));
  }
  return Buffer.concat(parts);
}

/** Bytes in double quotes, as git reads them. */
export function quoteC(bytes: Buffer): string {
  const quoted = Array.from(bytes, (byte) => {
    const char = String.fromCharCode(byte);
    if (char === '"' || char === '\\') return `\\${char}`;
    return byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : char;
  });
  return `"${quoted.join('')}"`;
}
