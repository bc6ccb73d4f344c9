import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { LeftOut } from './left-out.ts';
import { FilterPresetName } from './filter-preset.ts';
import { RolloutKey } from './names.ts';
import { Ending } from './trajectory.ts';
import { Finding, ScanReport } from './finding.ts';
import { RowOrigin } from './row-origin.ts';
import { Usage } from './turn.ts';
import { Resolved } from './verdict.ts';
import { VerdictSummary } from './verdict-summary.ts';

/** Where in a trajectory the evidence stands. */
const Evidence = z.object({
  text: z.string(),
  turn: z.int().min(0).optional(),
  call: z.int().min(0).optional(),
});

/** What one rule decided about one row, and why. */
export const Decision = z.object({
  rule: z.string(),
  version: z.int().min(1),
  /** `not_judged`: the rule needs a fact that is not known of the row; it neither drops nor clears it. */
  decision: z.enum(['keep', 'drop', 'note', 'not_judged']),
  parameters: z.record(z.string(), z.unknown()),
  reason: z.string(),
  evidence: z.array(Evidence),
});
export type Decision = z.infer<typeof Decision>;

/** One row ever produced, kept or not, with every rule's decision. A release is a query over these. */
export const LedgerEntry = z.object({
  /** The trajectory's id. */
  id: z.uuid(),
  key: RolloutKey,
  /** Name of the teacher profile, and the model name sent to its server. */
  teacher: z.object({ name: z.string(), model: z.string() }),
  repo: z.string(),
  language: z.string(),
  license: z.string(),
  hf_dataset_name: z.string(),
  /** Name of the filter preset that the decisions follow. */
  preset: FilterPresetName,
  kept: z.boolean(),
  resolved: Resolved,
  /** Null for a rollout that infrastructure kept from ending. */
  ending: Ending.nullable(),
  turns: z.int().min(0),
  usage: Usage,
  cost_usd: z.number().min(0),
  decisions: z.array(Decision),
  /** The scan's outcome; false, empty and 0 for a rollout without a trajectory. */
  git_hack_attempted: z.boolean(),
  findings: z.array(Finding),
  unparsed: z.int().min(0),
  /** How a second judge was asked; absent where there was none. */
  judging: ScanReport.shape.judging,
  /** By what the trajectory was scanned, and what could not be read of it; null for a rollout without one. */
  scan: ScanReport.pick({ scanner_version: true, preset: true, unread: true }).nullable(),
  task: ArtifactRef,
  trajectory: ArtifactRef.nullable(),
  /** Files of the agent's change that are not in its patch; absent when it has all of them. */
  left_out: LeftOut.optional(),
  /** In short, with the reference to the whole; null for a rollout that was not verified. */
  verdict: VerdictSummary.nullable(),
  /** Where the row of another tool comes from; absent for a rollout of this home. */
  origin: RowOrigin.optional(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** The decision that settled the row's fate: the first that says drop, in the order of the rules; none for a kept row. */
export function decidingRule(entry: Pick<LedgerEntry, 'decisions'>): Decision | undefined {
  return entry.decisions.find((decision) => decision.decision === 'drop');
}
