const named: Record<string, string> = { a: '\x07', b: '\b', e: '\x1b', E: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The text between the quotes of `$'…'` as Bash reads it; also the escapes of `echo -e` and of `printf` formats. */
export function decodeAnsi(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|0?([0-7]{1,3})|c(.)|([\s\S]))/g, (_, ...groups) => {
    const [hex, short, long, octal, control, other] = groups.map((group) => (typeof group === 'string' ? group : undefined));
    const number = hex ?? short ?? long;
    if (number !== undefined) return codePoint(Number.parseInt(number, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 0x1f);
    return named[other ?? ''] ?? other ?? '';
  });
}

function codePoint(value: number): string {
  return value <= 0x10ffff ? String.fromCodePoint(value) : '';
}
