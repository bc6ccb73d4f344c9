/** How a part of a text is shown; offsets in UTF-16 units of the text, as strings count. */
export interface Range {
  start: number;
  end: number;
  /** Class names. */
  look: string;
  /** What stands behind it, for the tip of a pointer; nothing for looks alone. */
  tip?: string;
}

/** A piece of a text with all that lies over it. */
export interface Piece {
  text: string;
  look: string;
  tip: string;
}

/** Most pieces of one text: each is a node of the page. Beyond it the rest stands plain. */
const mostPieces = 20_000;

/** Cuts a text where ranges begin and end. Ranges may overlap; those outside the text are cut or left out. */
export function piecesOf(text: string, ranges: readonly Range[]): Piece[] {
  const given = ranges
    .map((range) => ({ ...range, start: Math.max(0, range.start), end: Math.min(text.length, range.end) }))
    .filter(({ start, end }) => start < end)
    .toSorted((a, b) => a.start - b.start);
  if (given.length === 0) return text === '' ? [] : [{ text, look: '', tip: '' }];
  const cuts = [...new Set([0, text.length, ...given.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  const pieces: Piece[] = [];
  let open: typeof given = [];
  let next = 0;
  for (const [at, start] of cuts.entries()) {
    const end = cuts[at + 1];
    if (end === undefined) break;
    if (pieces.length >= mostPieces) return [...pieces, { text: text.slice(start), look: '', tip: '' }];
    open = open.filter((range) => range.end > start);
    for (let range = given[next]; range !== undefined && range.start <= start; range = given[next]) {
      open.push(range);
      next += 1;
    }
    const tips = open.flatMap(({ tip }) => (tip === undefined ? [] : [tip]));
    pieces.push({ text: text.slice(start, end), look: open.map(({ look }) => look).join(' '), tip: tips.join('; ') });
  }
  return pieces;
}

/** Where a text holds what is looked for, in any case; at most `most` places. */
export function occurrences(text: string, wanted: string, most = 1000): { start: number; end: number }[] {
  if (wanted === '') return [];
  const found: { start: number; end: number }[] = [];
  for (const { index, 0: hit } of text.matchAll(new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu'))) {
    found.push({ start: index, end: index + hit.length });
    if (found.length >= most) break;
  }
  return found;
}
