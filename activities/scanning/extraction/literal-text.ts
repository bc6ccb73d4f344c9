const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

/**
 * What a string literal of a program, shell or JSON stands for, by the escapes that these share. Others stay as they are written,
 * since Python and most shells keep their backslash; with `bare` it goes, as in JavaScript and C.
 */
export function literalText(text: string, { bare = false }: { bare?: boolean } = {}): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g, (whole, byte?: string, unit?: string, char = '') => {
    const code = byte ?? unit;
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return escapes[char] ?? (bare || /["'`\\$/]/.test(char) ? char : whole);
  });
}
