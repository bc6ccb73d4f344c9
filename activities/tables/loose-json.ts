/**
 * JSON as Python writes it: `NaN` and `Infinity`, which JSON has not, are read as null, for they stand where a value is missing.
 * Throws SyntaxError as `JSON.parse` does.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const plain = withoutNaN(text);
    if (plain === text) throw error;
    return JSON.parse(plain);
  }
}

const bare = /-?(?:NaN|Infinity)(?=\s*[,\]}]|\s*$)/y;

function withoutNaN(text: string): string {
  let out = '';
  let from = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (inString && sign === '\\') at += 1;
    else if (sign === '"') inString = !inString;
    else if (!inString && (sign === 'N' || sign === 'I' || sign === '-')) {
      bare.lastIndex = at;
      const found = bare.exec(text)?.[0];
      if (found === undefined) continue;
      out += `${text.slice(from, at)}null`;
      at += found.length - 1;
      from = at + 1;
    }
  }
  return out + text.slice(from);
}
