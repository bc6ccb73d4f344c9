import { type Funnel, FunnelCounts } from '../../../schemas/ledger-record.ts';

/** The funnel of several campaigns together; cells sorted by harness, mode and language. */
export function sumFunnels(funnels: readonly Funnel[]): Funnel {
  const [first, ...others] = funnels;
  if (first === undefined) throw new Error('there is no funnel');
  const cells = new Map<string, Funnel['cells'][number]>();
  for (const cell of funnels.flatMap((funnel) => funnel.cells)) {
    const name = `${cell.harness} ${cell.mode} ${cell.language}`;
    const known = cells.get(name);
    cells.set(name, known === undefined ? cell : { ...cell, counts: sumCounts(known.counts, cell.counts) });
  }
  return {
    total: others.reduce((sum, { total }) => sumCounts(sum, total), first.total),
    cells: [...cells.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell),
  };
}

/** Over whatever the shape counts: a new count is summed as well. */
function sumCounts(a: FunnelCounts, b: FunnelCounts): FunnelCounts {
  return FunnelCounts.parse(sumByName(a, b));
}

type Counts = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

/** Numbers by their names, and tables of such numbers; what one side lacks is 0. */
function sumByName(a: Counts, b: Counts): Counts {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, sumOf(a[name] ?? 0, b[name] ?? 0)]));
}

function sumOf(a: Counts[string], b: Counts[string]): Counts[string] {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  const [left, right] = [a, b].map((side) => (typeof side === 'number' ? {} : side));
  const sum: Record<string, number> = { ...left };
  for (const [name, count] of Object.entries(right ?? {})) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
