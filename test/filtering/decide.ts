import { decideAll } from '../../activities/filtering/decide.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import { patchFacts } from '../../activities/patches/patch-facts.ts';
import type { FilterPresetName } from '../../schemas/filter-preset.ts';
import type { ScanReport } from '../../schemas/finding.ts';
import type { Decision } from '../../schemas/ledger-entry.ts';
import type { Task } from '../../schemas/task.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import type { Verdict } from '../../schemas/verdict.ts';
import { countTokens } from './count-tokens.ts';
import { scan, task as plainTask, trajectory as plainTrajectory, verdict as plainVerdict } from './rows.ts';

export interface Case {
  trajectory?: Trajectory;
  task?: Task;
  verdict?: Verdict;
  scan?: ScanReport;
}

/** Decides on a row that is right but for what the case says. */
export function decide(row: Case, preset: FilterPresetName = 'open-swe-traces') {
  const { trajectory = plainTrajectory(), task = plainTask(), verdict = plainVerdict() } = row;
  const patch = patchFacts(task, trajectory.model_patch);
  return decideAll({ trajectory, task, patch, verdict, scan: row.scan ?? scan(), countTokens }, presetOf(preset));
}

export function decisionOf(rule: string, row: Case, preset: FilterPresetName = 'open-swe-traces'): Decision {
  const decision = decide(row, preset).decisions.find((candidate) => candidate.rule === rule);
  if (decision === undefined) throw new Error(`no rule ${rule} in preset ${preset}`);
  return decision;
}
