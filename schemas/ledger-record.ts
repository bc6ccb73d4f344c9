import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { LedgerEntry } from './ledger-entry.ts';
import { CampaignName, HarnessName, InstanceId, Mode, RolloutKey } from './names.ts';
import { ReportedProblem } from './reported-problem.ts';
import { CampaignProgress } from './campaign-progress.ts';

const CampaignRecord = z.object({
  type: z.literal('campaign'),
  campaign: CampaignName,
  /** The campaign as it runs; null where only rows were brought in from elsewhere. */
  plan: ArtifactRef.nullable(),
});

const CampaignEndRecord = z.object({ type: z.literal('campaign_end'), progress: CampaignProgress });

const TaskRecord = z.object({
  type: z.literal('task'),
  campaign: CampaignName,
  instance_id: InstanceId,
  repo: z.string(),
  language: z.string(),
  license: z.string(),
  task: ArtifactRef,
  state: z.enum(['planned', 'prepared', 'gated_out', 'failed', 'done', 'cancelled']),
  /** What the gate found; null before it ran. */
  gate: z.object({ passed: z.boolean(), reason: z.string() }).nullable(),
  /** Tag or id of the derived image; null before it was made. */
  image: z.string().nullable(),
  /** Why it failed or was gated out; null otherwise. */
  problem: z.string().nullable(),
  /** The same in parts, where they are known. */
  reported: ReportedProblem.optional(),
  /** What the gate found odd, whether the task passed or not. */
  remarks: z.array(ReportedProblem).optional(),
});

const RolloutRecord = z.object({ type: z.literal('rollout'), key: RolloutKey, teacher: z.string() });

const AttemptRecord = z.object({
  type: z.literal('attempt'),
  key: RolloutKey,
  /** From 1, as Temporal counts. */
  attempt: z.int().min(1),
  stage: z.enum(['rollout', 'verification', 'judgement']),
  outcome: z.enum(['finished', 'infrastructure']),
  /** The problem's code, or empty. */
  code: z.string(),
  detail: z.string(),
});

const JudgementRecord = z.object({
  type: z.literal('judgement'),
  /** Why it was judged: `campaign`, or what made somebody judge again. */
  reason: z.string(),
  entry: LedgerEntry,
});

/** One thing the index was told. Replaying all of them in order rebuilds it. */
export const IndexRecord = z.discriminatedUnion('type', [
  CampaignRecord,
  CampaignEndRecord,
  TaskRecord,
  RolloutRecord,
  AttemptRecord,
  JudgementRecord,
]);
export type IndexRecord = z.infer<typeof IndexRecord>;
export type IndexRecordOf<T extends IndexRecord['type']> = Extract<IndexRecord, { type: T }>;

/** One judgement of a row; the one with the highest number holds. */
export const Judgement = z.object({ number: z.int().min(1), reason: z.string(), entry: LedgerEntry });
export type Judgement = z.infer<typeof Judgement>;

const count = z.int().min(0);

/** Counts of planned rollouts by fate: `planned = open + gated_out + lost + dropped + kept`. */
export const FunnelCounts = z.object({
  planned: count,
  /** Not judged yet, or never begun. */
  open: count,
  /** Their task did not pass the gate. */
  gated_out: count,
  /** Infrastructure kept them from ending. */
  lost: count,
  dropped: count,
  /** Rule → rows for which it was the first to say drop. */
  dropped_by: z.record(z.string(), count),
  kept: count,
  /** Of the kept ones. */
  resolved: count,
  unresolved: count,
  unknown: count,
});
export type FunnelCounts = z.infer<typeof FunnelCounts>;

export const Funnel = z.object({
  total: FunnelCounts,
  cells: z.array(z.object({ harness: HarnessName, mode: Mode, language: z.string(), counts: FunnelCounts })),
});
export type Funnel = z.infer<typeof Funnel>;
