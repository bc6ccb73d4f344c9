/** Nesting and length that a text may have to be shown by its structure. */
const deepest = 100;
const longest = 150_000;

/** Signs of markup that one text may have: parsers look from each of them for its end. */
const mostSigns = 4000;

/**
 * Whether markdown or JSON is too long or too deep for programs that follow its structure by calling themselves. Looks at
 * each character once.
 */
export function tooDeep(text: string): boolean {
  if (text.length > longest) return true;
  let depth = 0;
  let signs = 0;
  let lineStart = true;
  let quotes = 0;
  let blanks = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\n') {
      [lineStart, quotes, blanks] = [true, 0, 0];
      continue;
    }
    if (lineStart && character === ' ') blanks += 1;
    else if (lineStart && (character === '>' || ((character === '-' || character === '*' || character === '+') && text[at + 1] === ' ')))
      quotes += 1;
    else lineStart = false;
    if (quotes > deepest || blanks > 4 * deepest) return true;
    if (character === '[' || character === '{' || character === '(') depth += 1;
    else if (character === ']' || character === '}' || character === ')') depth = Math.max(0, depth - 1);
    if (character === '[' || character === '*' || character === '_' || character === '`' || character === '<' || character === '!')
      signs += 1;
    if (depth > deepest || signs > mostSigns) return true;
  }
  return false;
}
