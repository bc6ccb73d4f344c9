import { type Column, table } from '../../cli/table.ts';

/** One line of the benchmark's table. */
export interface Figure {
  name: string;
  unit: string;
  ours: number;
  /** What the same work costs by other means, measured in the same run. */
  peer?: { name: string; value: number };
  target?: { at: 'most' | 'least'; value: number };
  /** What a reader has to know to judge it. */
  note?: string;
}

/** Whether the target is reached; null where there is none. */
export function isMet({ ours, target }: Figure): boolean | null {
  if (target === undefined) return null;
  return target.at === 'most' ? ours <= target.value : ours >= target.value;
}

/** Ours over the peer's; null without a peer. */
export function ratio({ ours, peer }: Figure): number | null {
  return peer === undefined ? null : ours / peer.value;
}

const columns: Column<Figure>[] = [
  { title: 'figure', value: ({ name }) => name },
  { title: 'ours', value: ({ ours, unit }) => `${rounded(ours)} ${unit}`, align: 'right' },
  { title: 'beside it', value: ({ peer, unit }) => (peer === undefined ? null : `${rounded(peer.value)} ${unit}`), align: 'right' },
  { title: 'which is', value: ({ peer }) => peer?.name },
  { title: 'ratio', value: (figure) => (ratio(figure) === null ? null : `×${rounded(ratio(figure) ?? 0)}`), align: 'right' },
  { title: 'target', value: ({ target, unit }) => target && `${target.at === 'most' ? '≤' : '≥'} ${target.value} ${unit}`, align: 'right' },
  { title: 'met', value: (figure) => ({ true: 'yes', false: 'NO', null: null })[`${isMet(figure)}`] },
  { title: 'note', value: ({ note }) => note },
];

export function figuresTable(figures: readonly Figure[]): string {
  return table(figures, columns);
}

/** Three digits that count. */
function rounded(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}
