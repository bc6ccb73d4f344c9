/** A sentence of a passage, with where it begins. */
export interface Sentence {
  text: string;
  start: number;
}

const longest = 600;

/** Signs at which more is to be asked; most are passed over after one look into this table. */
const asks = new Uint8Array(0x80);
for (const sign of '|`\n.!?') asks[sign.charCodeAt(0)] = 1;

/**
 * Sentences of a text in any language. Lines end sentences, since lists and code seldom end theirs with a stop. Rows of tables
 * are none.
 */
export function sentencesOf(text: string): Sentence[] {
  const found: Sentence[] = [];
  let start = 0;
  const end = (at: number) => {
    let from = start;
    let to = at;
    while (from < to && text.charCodeAt(from) <= 0x20) from += 1;
    while (to > from && text.charCodeAt(to - 1) <= 0x20) to -= 1;
    for (; to - from > longest; from += longest) found.push({ text: text.slice(from, from + longest), start: from });
    if (to > from) found.push({ text: text.slice(from, to), start: from });
    start = at;
  };
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80 && asks[code] === 0) continue;
    if ((code === 0x7c || code === 0x2502) && isTableRow(text, start, at)) {
      at = lineEnd(text, at);
      start = at;
    } else if (code === 0x60) at = closingTick(text, at);
    else if (code === 0x0a) end(at + 1);
    else if (code === 0x3002 || code === 0xff01 || code === 0xff1f) end(at + 1);
    else if (code === 0x2e || code === 0x21 || code === 0x3f || code === 0x2026) {
      let next = at + 1;
      while (next < text.length && isClosing(text.charCodeAt(next))) next += 1;
      if (next < text.length && text.charCodeAt(next) !== 0x20) continue;
      if (code === 0x2e && isAbbreviation(text, at)) continue;
      end(next);
      at = next - 1;
    }
  }
  end(text.length);
  return found;
}

/** Whether a line begins with this stroke and holds another. */
function isTableRow(text: string, start: number, at: number): boolean {
  if (text.slice(start, at).trim() !== '') return false;
  const next = text.indexOf(text.charAt(at), at + 1);
  return next !== -1 && next < lineEnd(text, at);
}

function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline;
}

/** Code in the middle of a line has stops of its own. */
function closingTick(text: string, at: number): number {
  for (let next = at + 1; next < text.length && next < at + 400; next += 1) {
    const code = text.charCodeAt(next);
    if (code === 0x60) return next;
    if (code === 0x0a) return at;
  }
  return at;
}

/** Quotes, brackets and further stops behind the stop. */
function isClosing(code: number): boolean {
  return (
    code === 0x22 ||
    code === 0x27 ||
    code === 0x29 ||
    code === 0x5d ||
    code === 0x60 ||
    code === 0x201d ||
    code === 0x2e ||
    code === 0x21 ||
    code === 0x3f
  );
}

const abbreviation = /(?:^|[\s("'`])(?:e\.g|i\.e|vs|cf|approx|resp|nr|fig|bzw|z\.B|d\.h|ca|p\.ej)$|\n\s*\d+$/i;

function isAbbreviation(text: string, at: number): boolean {
  return abbreviation.test(text.slice(Math.max(0, at - 8), at));
}
