/**
 * The strings of a list as Python writes it (`['a', "it's"]`) or as JSON does; undefined for anything else. Nothing is
 * evaluated. Knows the escapes that Python's `repr` makes.
 */
export function pythonStrings(text: string): string[] | undefined {
  const body = text.trim();
  if (!body.startsWith('[') || !body.endsWith(']')) return undefined;
  const items: string[] = [];
  let at = 1;
  const blank = () => {
    while (/\s/.test(body[at] ?? '')) at += 1;
  };
  for (;;) {
    blank();
    if (at === body.length - 1) return items;
    const quote = body[at];
    if (quote !== "'" && quote !== '"') return undefined;
    let item = '';
    for (at += 1; body[at] !== quote; ) {
      if (at >= body.length - 1) return undefined;
      if (body[at] !== '\\') {
        item += body[at];
        at += 1;
        continue;
      }
      const escape = escapes.exec(body.slice(at, at + 12));
      if (escape === null) return undefined;
      item += decoded(escape[0]);
      at += escape[0].length;
    }
    items.push(item);
    at += 1;
    blank();
    if (body[at] === ',') at += 1;
    else if (at !== body.length - 1) return undefined;
  }
}

const escapes = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^xuU])/;
const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', a: '\x07', v: '\v', 0: '\0' };

function decoded(escape: string): string {
  const kind = escape[1] ?? '';
  if (kind === 'x' || kind === 'u' || kind === 'U') {
    const code = Number.parseInt(escape.slice(2), 16);
    return code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code);
  }
  return named[kind] ?? kind;
}
