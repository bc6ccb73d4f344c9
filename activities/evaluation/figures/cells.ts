import type { EvaluationOutcome, EvaluationRecord, EvaluationVerdict } from '../../../schemas/evaluation-record.ts';
import type { HarnessName, Mode } from '../../../schemas/names.ts';
import { Problem } from '../../../schemas/problem.ts';
import { meanOf } from '../statistics/spread.ts';

export interface Instance {
  instance_id: string;
  repo: string;
  language: string;
}

/** All outcomes of one harness and mode. */
export interface Cell {
  harness: HarnessName;
  mode: Mode;
  outcomes: EvaluationOutcome[];
  /** By run, then by instance id; a run that left no outcome of an instance has no entry for it. */
  runs: Map<string, EvaluationOutcome>[];
}

/**
 * The outcomes of a record by cell, in order of harness and mode. Throws `Problem` bad_evaluation_record for an outcome of
 * an unknown instance, cell or run, and for a second outcome of the same rollout: figures over such a record would be wrong.
 */
export function cellsOf({ name, benchmark, protocol, outcomes }: EvaluationRecord): Cell[] {
  const known = new Set(benchmark.instances.map(({ instance_id }) => instance_id));
  if (known.size !== benchmark.instances.length) throw broken(name, 'an instance is listed twice');
  const cells = new Map<string, Cell>();
  for (const { harness, mode } of protocol.cells) {
    cells.set(cellLabel({ harness, mode }), {
      harness,
      mode,
      outcomes: [],
      runs: Array.from({ length: protocol.runs }, () => new Map<string, EvaluationOutcome>()),
    });
  }
  for (const outcome of outcomes) {
    const { run, instance_id } = outcome;
    const place = `${instance_id} of ${cellLabel(outcome)}, run ${run}`;
    if (!known.has(instance_id)) throw broken(name, `${place}: the benchmark has no such instance`);
    const cell = cells.get(cellLabel(outcome));
    if (cell === undefined) throw broken(name, `${place}: the protocol has no such cell`);
    const inRun = cell.runs[run];
    if (inRun === undefined) throw broken(name, `${place}: the protocol has ${protocol.runs} runs`);
    if (inRun.has(instance_id)) throw broken(name, `${place}: has two outcomes`);
    inRun.set(instance_id, outcome);
    cell.outcomes.push(outcome);
  }
  return [...cells.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
}

export function cellLabel({ harness, mode }: { harness: string; mode: string }): string {
  return `${harness}/${mode}`;
}

/** 1 or 0 as the score counts it: all but a resolved instance is 0, also one that broke or never ran. */
export function score(outcome: EvaluationOutcome | undefined): number {
  return outcome?.verdict === 'resolved' ? 1 : 0;
}

/** Whether the verdict says something of the model; what broke or never ran does not. */
export function isMeasured(outcome: EvaluationOutcome | undefined): outcome is EvaluationOutcome {
  return outcome !== undefined && outcome.verdict !== 'infra_error' && outcome.verdict !== 'not_run';
}

/** Mean score over the runs that measured this instance; null when none did. */
export function measuredMean(cell: Cell, instanceId: string): number | null {
  const outcomes = cell.runs.map((run) => run.get(instanceId)).filter(isMeasured);
  return outcomes.length === 0 ? null : meanOf(outcomes.map(score));
}

/** Verdicts of one run, all instances: an instance without an outcome was not run. */
export function verdictCounts(run: Map<string, EvaluationOutcome>, instances: readonly Instance[]): Record<EvaluationVerdict, number> {
  const counts = {
    resolved: 0,
    unresolved: 0,
    empty_patch: 0,
    patch_apply_failed: 0,
    test_timeout: 0,
    infra_error: 0,
    not_run: 0,
  };
  for (const { instance_id } of instances) counts[run.get(instance_id)?.verdict ?? 'not_run']++;
  return counts;
}

/** The values of `of` with their members, most members first, then by name. */
export function groupedBy<T>(items: readonly T[], of: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const members = groups.get(of(item));
    if (members === undefined) groups.set(of(item), [item]);
    else members.push(item);
  }
  return [...groups.entries()].sort(([a, first], [b, second]) => second.length - first.length || (a < b ? -1 : 1));
}

function broken(name: string, what: string): Problem {
  return new Problem('bad_evaluation_record', `the record of evaluation ${name} is not sound: ${what}`, {
    hint: 'evaluate again, or repair the record where it was made by hand',
  });
}
