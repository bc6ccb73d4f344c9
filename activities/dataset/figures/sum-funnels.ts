import type { Funnel, FunnelCounts } from '../../../schemas/ledger-record.ts';

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

function sumCounts(a: FunnelCounts, b: FunnelCounts): FunnelCounts {
  return {
    planned: a.planned + b.planned,
    open: a.open + b.open,
    gated_out: a.gated_out + b.gated_out,
    lost: a.lost + b.lost,
    unparsed: a.unparsed + b.unparsed,
    dropped: a.dropped + b.dropped,
    dropped_by: sumByRule(a.dropped_by, b.dropped_by),
    kept: a.kept + b.kept,
    resolved: a.resolved + b.resolved,
    unresolved: a.unresolved + b.unresolved,
    unknown: a.unknown + b.unknown,
    ambiguous: a.ambiguous + b.ambiguous,
    not_judged: sumByRule(a.not_judged, b.not_judged),
  };
}

function sumByRule(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const sum = { ...a };
  for (const [rule, count] of Object.entries(b)) sum[rule] = (sum[rule] ?? 0) + count;
  return sum;
}
