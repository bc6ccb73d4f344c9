import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import { datasetOf } from '../../schemas/dataset-of.ts';
import type { ScanReport } from '../../schemas/finding.ts';
import type { LeftOut } from '../../schemas/left-out.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import type { RowOrigin, TrajectoryOrigin } from '../../schemas/row-origin.ts';
import type { TaskFacts } from '../../schemas/task.ts';
import { trajectoryId } from '../../schemas/trajectory-id.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import type { Verdict } from '../../schemas/verdict.ts';
import { patchFacts } from '../patches/patch-facts.ts';
import { decideAll } from './decide.ts';
import type { Preset } from './presets.ts';
import type { TokenCounter } from './filter.ts';
import { summaryOf } from './verdict-summary.ts';

/** Of the files that a patch could not take, so many are named on the ledger. */
const namedFiles = 8;

/** A finished rollout with everything that was found out about it. */
export interface FinishedRow {
  trajectory: Trajectory;
  task: TaskFacts;
  verdict: Verdict;
  scan: ScanReport;
  /** Where they lie. */
  refs: { task: ArtifactRef; trajectory: ArtifactRef; verdict: ArtifactRef };
}

/** Decides on a finished rollout by all filters of the preset and makes its ledger entry. */
export function decideRow({ trajectory, task, verdict, scan, refs }: FinishedRow, preset: Preset, countTokens: TokenCounter): LedgerEntry {
  const patch = patchFacts(task, trajectory.model_patch);
  const { kept, decisions } = decideAll({ trajectory, task, patch, scan, verdict, countTokens }, preset);
  return {
    ...origin(trajectory.key, trajectory.teacher, task),
    preset: preset.name,
    kept,
    resolved: verdict.resolved,
    ending: trajectory.ending,
    turns: trajectory.turns.length,
    usage: trajectory.usage,
    cost_usd: trajectory.cost_usd,
    decisions,
    git_hack_attempted: scan.git_hack_attempted,
    findings: scan.findings,
    unparsed: scan.unparsed,
    ...(scan.judging !== undefined && { judging: scan.judging }),
    scan: { scanner_version: scan.scanner_version, preset: scan.preset, unread: scan.unread },
    task: refs.task,
    trajectory: refs.trajectory,
    ...(trajectory.left_out !== undefined && { left_out: shortened(trajectory.left_out) }),
    verdict: summaryOf(verdict, refs.verdict),
    ...(trajectory.origin !== undefined && { origin: withoutTexts(trajectory.origin) }),
  };
}

/** What could not be read stands in the entry itself. */
function withoutTexts({ unread: _elsewhere, ...origin }: TrajectoryOrigin): RowOrigin {
  return origin;
}

/** The count says how many there are; the trajectory names more of them. */
function shortened({ count, files }: LeftOut): LeftOut {
  return { count, files: files.slice(0, namedFiles) };
}

/** A planned rollout that gave no row. */
export interface LostRollout {
  key: RolloutKey;
  teacher: LedgerEntry['teacher'];
  task: TaskFacts;
  taskRef: ArtifactRef;
  /** `environment_exception`: infrastructure stopped it. `gate`: its task did not pass the gate. */
  rule: 'environment_exception' | 'gate';
  /** The last failure, or the gate's finding. */
  detail: string;
  /** What it had cost by then. */
  spent?: Pick<LedgerEntry, 'turns' | 'usage' | 'cost_usd'>;
}

const nothingSpent = { turns: 0, usage: { prompt_tokens: 0, completion_tokens: 0 }, cost_usd: 0 };

const lostReasons: Record<LostRollout['rule'], string> = {
  environment_exception: 'infrastructure kept the rollout from ending',
  gate: 'the task did not pass the gate: its tests do not tell the fix from doing nothing',
};

/** The record of a rollout that never became a row, so that totals add up. */
export function lostEntry({ key, teacher, task, taskRef, rule, detail, spent = nothingSpent }: LostRollout, preset: Preset): LedgerEntry {
  return {
    ...origin(key, teacher, task),
    preset: preset.name,
    kept: false,
    resolved: -1,
    ending: null,
    ...spent,
    decisions: [{ rule, version: 1, decision: 'drop', parameters: {}, reason: lostReasons[rule], evidence: [{ text: detail }] }],
    git_hack_attempted: false,
    findings: [],
    unparsed: 0,
    scan: null,
    task: taskRef,
    trajectory: null,
    verdict: null,
  };
}

function origin(key: RolloutKey, teacher: LedgerEntry['teacher'], task: TaskFacts) {
  return {
    id: trajectoryId(key),
    key,
    teacher,
    repo: task.repo,
    language: task.language,
    license: task.license ?? '',
    hf_dataset_name: datasetOf(task),
  };
}
