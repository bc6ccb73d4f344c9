import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { LedgerEntry } from './ledger-entry.ts';
import { CampaignName, HarnessName, InstanceId, Mode, RolloutKey } from './names.ts';
import { ReportedProblem } from './reported-problem.ts';
import { RunRecord } from './run-record.ts';
import { CampaignProgress } from './campaign-progress.ts';

const CampaignRecord = z.object({
  type: z.literal('campaign'),
  campaign: CampaignName,
  /** The campaign as it runs; null where only rows were brought in from elsewhere. */
  plan: ArtifactRef.nullable(),
});

/** `plan`: what it ran, so that a later start can see whether anything is left. */
const CampaignEndRecord = z.object({ type: z.literal('campaign_end'), plan: ArtifactRef, progress: CampaignProgress });

export const TaskRecord = z.object({
  type: z.literal('task'),
  campaign: CampaignName,
  instance_id: InstanceId,
  repo: z.string(),
  language: z.string(),
  license: z.string(),
  task: ArtifactRef,
  state: z.enum(['planned', 'gated_out', 'failed', 'done', 'cancelled']),
  /** What the gate found; null before it ran. */
  gate: z.object({ passed: z.boolean(), reason: z.string() }).nullable(),
  /** Why it failed or was gated out; null otherwise. */
  problem: z.string().nullable(),
  /** The same in parts; null where the task failed only because it lost rollouts. */
  reported: ReportedProblem.nullable(),
  /** What the gate found odd, whether the task passed or not. */
  remarks: z.array(ReportedProblem),
});
export type TaskRecord = z.infer<typeof TaskRecord>;

/** What may change of a task once it is planned; what is left out stays. */
export const TaskChange = TaskRecord.pick({ state: true, gate: true, problem: true, reported: true, remarks: true }).partial();
export type TaskChange = z.infer<typeof TaskChange>;

const RolloutRecord = z.object({ type: z.literal('rollout'), key: RolloutKey, teacher: z.string() });

const AttemptRecord = z.object({
  type: z.literal('attempt'),
  key: RolloutKey,
  /** From 1, as Temporal counts. */
  attempt: z.int().min(1),
  stage: z.enum(['rollout', 'verification']),
  outcome: z.enum(['finished', 'infrastructure']),
  /** The problem's code, or empty. */
  code: z.string(),
  detail: z.string(),
});

const EntryRecord = z.object({
  type: z.literal('entry'),
  /** Why it was decided: `campaign`, or what made somebody decide again. */
  reason: z.string(),
  entry: LedgerEntry,
});

/** One thing that was put on record. Applying all of them in order gives the ledger. */
export const LedgerRecord = z.discriminatedUnion('type', [
  CampaignRecord,
  CampaignEndRecord,
  TaskRecord,
  RolloutRecord,
  AttemptRecord,
  EntryRecord,
  RunRecord,
]);
export type LedgerRecord = z.infer<typeof LedgerRecord>;
export type LedgerRecordOf<T extends LedgerRecord['type']> = Extract<LedgerRecord, { type: T }>;

/** One version of a row's entry, counted from 1; the one with the highest number holds. */
export const Revision = z.object({ number: z.int().min(1), reason: z.string(), entry: LedgerEntry });
export type Revision = z.infer<typeof Revision>;

const count = z.int().min(0);

/** Counts of planned rollouts by fate: `planned = open + gated_out + lost + unparsed + dropped + kept`. */
export const FunnelCounts = z.object({
  planned: count,
  /** Not decided yet, or never begun. */
  open: count,
  /** Their task did not pass the gate. */
  gated_out: count,
  /** Infrastructure kept them from ending. */
  lost: count,
  /** Rows of other tools of which calls, results or replies could not be read: nothing else counts of them. */
  unparsed: count.default(0),
  dropped: count,
  /** Rule → rows for which it was the first to say drop. */
  dropped_by: z.record(z.string(), count),
  kept: count,
  /** Of the kept ones. */
  resolved: count,
  unresolved: count,
  unknown: count,
  /** Of the kept ones, those whose verdict rests on a test log that can be read otherwise. */
  ambiguous: count.default(0),
  /** Rule → rows that it could not judge, since a fact is unknown, whatever became of them. */
  not_judged: z.record(z.string(), count).default({}),
});
export type FunnelCounts = z.infer<typeof FunnelCounts>;

export const Funnel = z.object({
  total: FunnelCounts,
  cells: z.array(z.object({ harness: HarnessName, mode: Mode, language: z.string(), counts: FunnelCounts })),
});
export type Funnel = z.infer<typeof Funnel>;
