import type { Range } from './ranges.ts';

const entities: Record<string, number> = { '&amp;': 1, '&lt;': 1, '&gt;': 1, '&quot;': 1, '&#x27;': 1 };

/**
 * The spans of the markup that highlight.js makes of `code`, as ranges of the code itself. Markup that does not fit the
 * code gives none.
 */
export function rangesOfMarkup(markup: string, code: string): Range[] {
  const ranges: Range[] = [];
  const open: { start: number; look: string }[] = [];
  let length = 0;
  for (const [token] of markup.matchAll(/<span class="[^"]*">|<\/span>|&[#\w]+;|[^<&]+|[<&]/g)) {
    const look = /^<span class="([^"]*)">$/.exec(token)?.[1];
    if (look !== undefined) open.push({ start: length, look: classes(look) });
    else if (token === '</span>') {
      const span = open.pop();
      if (span === undefined) return [];
      if (span.look !== '') ranges.push({ ...span, end: length });
    } else length += entities[token] ?? token.length;
  }
  return length === code.length && open.length === 0 ? ranges : [];
}

function classes(text: string): string {
  return text
    .split(' ')
    .filter((name) => /^hljs-[\w-]+$/.test(name))
    .join(' ');
}
