const literal = /"(?:[^"\\\p{Cc}]|\\.)*"/gu;

/**
 * Rewrites the strings of a JSON text, keys included, and nothing else: numbers, blanks and the order of fields stay as they are, so what
 * was valid stays valid. In a text that is no JSON, as models write it at times, what stands outside of strings is rewritten too.
 */
export function mapJsonStrings(json: string, rewrite: (text: string) => string): string {
  const mapped = json.replaceAll(literal, (written) => {
    const text = valueOf(written);
    if (text === undefined) return written;
    const rewritten = rewrite(text);
    return rewritten === text ? written : JSON.stringify(rewritten);
  });
  return isJson(json) ? mapped : rewrite(mapped);
}

function valueOf(written: string): string | undefined {
  if (!written.includes('\\')) return written.slice(1, -1);
  try {
    return String(JSON.parse(written));
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
