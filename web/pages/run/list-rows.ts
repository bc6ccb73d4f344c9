import type { TurnView } from '../../../schemas/transcript.ts';

/** A row of the list: a turn, or the head of turns of low value that follow each other. */
export type ListRow = { kind: 'turn'; seq: number } | { kind: 'group'; seq: number; last: number; open: boolean; what: string };

/** What the index says of a turn; undefined while it is not here. */
type Known = { kind: TurnView['kind']; flags: number } | undefined;

/** Most turns of one group, so that a list of nothing but groups can still be scrolled. */
const mostGrouped = 200;

/** The flag of low value, as the schema says; turns that failed or show a finding do not have it. */
const minorFlag = 4;

const words: Record<TurnView['kind'], [string, string]> = {
  note: ['note', 'notes'],
  prompt: ['set-up message', 'set-up messages'],
  turn: ['empty turn', 'empty turns'],
  patch: ['patch', 'patches'],
};

/** The rows of `count` turns from `base` on. Turns of low value are one row, unless a turn of theirs is in `opened`. */
export function listRows(base: number, count: number, known: (seq: number) => Known, opened: ReadonlySet<number>): ListRow[] {
  const rows: ListRow[] = [];
  let group: { first: number; kinds: TurnView['kind'][] } | undefined;
  const close = () => {
    if (group !== undefined) rows.push(...groupRows(group.first, group.kinds, opened));
    group = undefined;
  };
  for (let seq = base; seq < base + count; seq += 1) {
    const entry = known(seq);
    if (entry === undefined || (entry.flags & minorFlag) === 0) {
      close();
      rows.push({ kind: 'turn', seq });
      continue;
    }
    if (group !== undefined && group.kinds.length >= mostGrouped) close();
    group ??= { first: seq, kinds: [] };
    group.kinds.push(entry.kind);
  }
  close();
  return rows;
}

function groupRows(first: number, kinds: readonly TurnView['kind'][], opened: ReadonlySet<number>): ListRow[] {
  const turns = kinds.map((_kind, at) => first + at);
  const open = opened.size > 0 && turns.some((seq) => opened.has(seq));
  const head: ListRow = { kind: 'group', seq: first, last: first + kinds.length - 1, open, what: whatText(kinds) };
  return open ? [head, ...turns.map((seq): ListRow => ({ kind: 'turn', seq }))] : [head];
}

/** `7 notes, 1 set-up message`. */
function whatText(kinds: readonly TurnView['kind'][]): string {
  const counts = new Map<TurnView['kind'], number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${words[kind][count === 1 ? 0 : 1]}`).join(', ');
}

/** Where the row of a turn is, or of the group that it is folded into; -1 where the list has neither. */
export function rowIndex(rows: readonly ListRow[], seq: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  const row = rows[low - 1];
  return row !== undefined && seq <= (row.kind === 'group' ? row.last : row.seq) ? low - 1 : -1;
}
