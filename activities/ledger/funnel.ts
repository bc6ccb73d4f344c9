import type { Funnel, FunnelCounts, TaskRecord } from '../../schemas/ledger-record.ts';
import type { HarnessName, Mode } from '../../schemas/names.ts';

/** Planned rollouts that are equal in all that the funnel counts by; nulls where they have no entry. */
export interface FunnelInput {
  harness: HarnessName;
  mode: Mode;
  language: string;
  /** State of their tasks. */
  task_state: TaskRecord['state'] | null;
  kept: number | null;
  lost: number | null;
  resolved: number | null;
  decided_by: string | null;
  ambiguous: number | null;
  /** How many. */
  rollouts: number;
}

/** Rows that a rule could not judge. */
export interface NotJudgedInput {
  harness: HarnessName;
  mode: Mode;
  language: string;
  rule: string;
  rollouts: number;
}

/** Counts rollouts by fate, in total and by harness, mode and language (sorted). */
export function countFunnel(groups: readonly FunnelInput[], notJudged: readonly NotJudgedInput[] = []): Funnel {
  const total = emptyCounts();
  const cells = new Map<string, Funnel['cells'][number]>();
  const countsOf = ({ harness, mode, language }: Omit<Funnel['cells'][number], 'counts'>) => {
    const name = `${harness} ${mode} ${language}`;
    const cell = cells.get(name) ?? { harness, mode, language, counts: emptyCounts() };
    cells.set(name, cell);
    return [total, cell.counts];
  };
  for (const group of groups) for (const counts of countsOf(group)) add(counts, group);
  for (const group of notJudged)
    for (const { not_judged } of countsOf(group)) not_judged[group.rule] = (not_judged[group.rule] ?? 0) + group.rollouts;
  return { total, cells: [...cells.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell) };
}

function emptyCounts(): FunnelCounts {
  return {
    planned: 0,
    open: 0,
    gated_out: 0,
    lost: 0,
    unparsed: 0,
    dropped: 0,
    dropped_by: {},
    kept: 0,
    resolved: 0,
    unresolved: 0,
    unknown: 0,
    ambiguous: 0,
    not_judged: {},
  };
}

function add(counts: FunnelCounts, group: FunnelInput): void {
  const { rollouts } = group;
  counts.planned += rollouts;
  if (group.kept === null) counts[fateWithoutEntry(group)] += rollouts;
  else if (group.lost === 1) counts[group.decided_by === 'gate' ? 'gated_out' : 'lost'] += rollouts;
  else if (group.kept === 0 && group.decided_by === 'unparsed') counts.unparsed += rollouts;
  else if (group.kept === 0) {
    counts.dropped += rollouts;
    const rule = group.decided_by ?? 'unknown';
    counts.dropped_by[rule] = (counts.dropped_by[rule] ?? 0) + rollouts;
  } else {
    counts.kept += rollouts;
    if (group.resolved === 1) counts.resolved += rollouts;
    else if (group.resolved === 0) counts.unresolved += rollouts;
    else counts.unknown += rollouts;
    if (group.ambiguous === 1) counts.ambiguous += rollouts;
  }
}

/** The rollouts of a task that failed or was gated out end with it. */
function fateWithoutEntry({ task_state }: FunnelInput): 'open' | 'gated_out' | 'lost' {
  if (task_state === 'gated_out') return 'gated_out';
  return task_state === 'failed' ? 'lost' : 'open';
}
