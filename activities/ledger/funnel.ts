import type { Funnel, FunnelCounts, IndexRecordOf } from '../../schemas/ledger-record.ts';
import type { HarnessName, Mode } from '../../schemas/names.ts';

/** A planned rollout as the funnel sees it; nulls where it has not been judged. */
export interface FunnelInput {
  harness: HarnessName;
  mode: Mode;
  language: string;
  /** State of its task. */
  task_state: IndexRecordOf<'task'>['state'] | null;
  kept: number | null;
  lost: number | null;
  resolved: number | null;
  decided_by: string | null;
}

/** Counts rollouts by fate, in total and by harness, mode and language (sorted). */
export function countFunnel(rollouts: FunnelInput[]): Funnel {
  const total = emptyCounts();
  const cells = new Map<string, Funnel['cells'][number]>();
  for (const rollout of rollouts) {
    const name = `${rollout.harness} ${rollout.mode} ${rollout.language}`;
    const cell = cells.get(name) ?? { harness: rollout.harness, mode: rollout.mode, language: rollout.language, counts: emptyCounts() };
    cells.set(name, cell);
    add(total, rollout);
    add(cell.counts, rollout);
  }
  return { total, cells: [...cells.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell) };
}

function emptyCounts(): FunnelCounts {
  return { planned: 0, open: 0, gated_out: 0, lost: 0, dropped: 0, dropped_by: {}, kept: 0, resolved: 0, unresolved: 0, unknown: 0 };
}

function add(counts: FunnelCounts, rollout: FunnelInput): void {
  counts.planned += 1;
  if (rollout.kept === null) counts[fateWithoutRecord(rollout)] += 1;
  else if (rollout.lost === 1) counts[rollout.decided_by === 'gate' ? 'gated_out' : 'lost'] += 1;
  else if (rollout.kept === 0) {
    counts.dropped += 1;
    const rule = rollout.decided_by ?? 'unknown';
    counts.dropped_by[rule] = (counts.dropped_by[rule] ?? 0) + 1;
  } else {
    counts.kept += 1;
    if (rollout.resolved === 1) counts.resolved += 1;
    else if (rollout.resolved === 0) counts.unresolved += 1;
    else counts.unknown += 1;
  }
}

/** A task that came to nothing takes its planned rollouts along. */
function fateWithoutRecord({ task_state }: FunnelInput): 'open' | 'gated_out' | 'lost' {
  if (task_state === 'gated_out') return 'gated_out';
  return task_state === 'failed' ? 'lost' : 'open';
}
