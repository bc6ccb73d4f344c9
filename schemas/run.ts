import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { Cell } from './campaign.ts';
import { CampaignName, InstanceId } from './names.ts';
import { PlannedTask } from './campaign-plan.ts';
import { ReportedProblem } from './reported-problem.ts';
import { Ending } from './trajectory.ts';
import { Usage } from './turn.ts';
import { Resolved } from './verdict.ts';

/** How long the activities of a pull request may take; seconds. */
export const RunTimeouts = z.object({
  rollout_seconds: z.number().positive(),
  verification_seconds: z.number().positive(),
  heartbeat_seconds: z.number().positive(),
  /** Work that no worker of its host takes for so long is given to another host. */
  host_seconds: z.number().positive(),
});
export type RunTimeouts = z.infer<typeof RunTimeouts>;

/** What became of a planned rollout's row. */
export const RowFate = z.object({
  kept: z.boolean(),
  resolved: Resolved,
  git_hack_attempted: z.boolean(),
  /** The rule that decided, or `kept`. */
  reason: z.string(),
});
export type RowFate = z.infer<typeof RowFate>;

/** A finished rollout as workflows know it. */
export const RolloutResult = z.object({
  trajectory: ArtifactRef,
  ending: Ending.shape.kind,
  turns: z.int().min(0),
  usage: Usage,
  cost_usd: z.number().min(0),
  empty_patch: z.boolean(),
});
export type RolloutResult = z.infer<typeof RolloutResult>;

/** What the gate says to the workflow; its record lies in the store. */
export const GateResult = z.object({
  passed: z.boolean(),
  reason: z.string(),
  /** Why it did not pass. */
  problem: ReportedProblem.optional(),
  record: ArtifactRef,
});
export type GateResult = z.infer<typeof GateResult>;

/** What a verification run says to the workflow; the whole verdict lies in the store. */
export const VerificationResult = z.object({ verdict: ArtifactRef, resolved: Resolved, reason: z.string() });
export type VerificationResult = z.infer<typeof VerificationResult>;

export const RolloutStage = z.enum(['planned', 'rollout', 'verification', 'judgement', 'done', 'lost', 'cancelled']);
export type RolloutStage = z.infer<typeof RolloutStage>;

/** One rollout of a pull request, as its query shows it. */
export const RolloutDetail = z.object({
  cell: Cell,
  stage: RolloutStage,
  /** Turns and tokens of a finished rollout; of a running one they come with its heartbeat. */
  turns: z.int().min(0),
  usage: Usage,
  cost_usd: z.number().min(0),
  ending: Ending.shape.kind.nullable(),
  fate: RowFate.nullable(),
  /** Why it was lost; empty otherwise. */
  detail: z.string(),
});
export type RolloutDetail = z.infer<typeof RolloutDetail>;

/** `ready`: prepared ahead, waits for its campaign to let its rollouts begin. */
export const PullRequestStage = z.enum(['queued', 'preparation', 'gate', 'ready', 'rollouts', 'done', 'failed', 'cancelled']);
export type PullRequestStage = z.infer<typeof PullRequestStage>;

/** Answer of the pull request's query. */
export const PullRequestDetail = z.object({
  campaign: CampaignName,
  instance_id: InstanceId,
  stage: PullRequestStage,
  paused: z.boolean(),
  host: z.string().nullable(),
  detail: z.string(),
  rollouts: z.array(RolloutDetail),
});
export type PullRequestDetail = z.infer<typeof PullRequestDetail>;

/** Input of the pull-request workflow. */
export const PullRequestRun = z.object({
  campaign: CampaignName,
  plan: ArtifactRef,
  entry: PlannedTask,
  cells: z.array(Cell),
  timeouts: RunTimeouts,
  paused: z.boolean(),
  /** Stops after the gate until its campaign has room for its rollouts. */
  ahead: z.boolean().default(false),
});
export type PullRequestRun = z.infer<typeof PullRequestRun>;

/** Sums over rollouts; the counts of a campaign add up to `planned`. */
export const RolloutTotals = z.object({
  planned: z.int().min(0),
  done: z.int().min(0),
  lost: z.int().min(0),
  kept: z.int().min(0),
  resolved: z.int().min(0),
  prompt_tokens: z.int().min(0),
  completion_tokens: z.int().min(0),
  cost_usd: z.number().min(0),
});
export type RolloutTotals = z.infer<typeof RolloutTotals>;

/** How a pull request ended; it tells its campaign. `gated_out`: no rollout was worth its tokens. */
export const PullRequestOutcome = z.object({
  instance_id: InstanceId,
  status: z.enum(['done', 'gated_out', 'failed', 'cancelled']),
  detail: z.string(),
  /** What kept it from its end, or from beginning. */
  problem: ReportedProblem.optional(),
  totals: RolloutTotals,
});
export type PullRequestOutcome = z.infer<typeof PullRequestOutcome>;

/** Pull requests of a campaign by what became of them. */
export const PullRequestCounts = z.object({
  done: z.int().min(0),
  gated_out: z.int().min(0),
  failed: z.int().min(0),
  cancelled: z.int().min(0),
});

/** What one run of the campaign workflow hands to the next. */
export const CampaignCarry = z.object({
  offset: z.int().min(0),
  in_flight: z.array(InstanceId),
  ahead: z.array(InstanceId).default([]),
  counts: PullRequestCounts,
  totals: RolloutTotals,
  concurrency: z.int().min(1),
  paused: z.boolean(),
  aborted: z.string().nullable(),
});
export type CampaignCarry = z.infer<typeof CampaignCarry>;

/** Input of the campaign workflow. */
export const CampaignRun = z.object({
  campaign: CampaignName,
  plan: ArtifactRef,
  tasks: z.int().min(0),
  skipped: z.int().min(0),
  cells: z.array(Cell),
  timeouts: RunTimeouts,
  concurrency: z.int().min(1),
  /** Pull requests prepared and gated beyond those. */
  prefetch: z.int().min(0).default(0),
  /** Version of the release built at the end; null builds none. */
  release: z.string().nullable(),
  carry: CampaignCarry.optional(),
});
export type CampaignRun = z.infer<typeof CampaignRun>;

/** What building a release says to the campaign. */
export const ReleaseResult = z.object({ version: z.string(), rows: z.int().min(0), manifest_sha256: z.string(), folder: z.string() });
export type ReleaseResult = z.infer<typeof ReleaseResult>;

/** Answer of the campaign's progress query, and its result. */
export const CampaignProgress = z.object({
  campaign: CampaignName,
  state: z.enum(['running', 'paused', 'aborting', 'releasing', 'done', 'aborted']),
  tasks: z.int().min(0),
  skipped: z.int().min(0),
  started: z.int().min(0),
  /** Those whose rollouts may run, and those that are prepared ahead. */
  in_flight: z.array(InstanceId),
  ahead: z.array(InstanceId).default([]),
  counts: PullRequestCounts,
  totals: RolloutTotals,
  concurrency: z.int().min(1),
  detail: z.string(),
  release: ReleaseResult.nullable(),
});
export type CampaignProgress = z.infer<typeof CampaignProgress>;

/** What a rollout's heartbeat carries: below 1 KB, a hint for people and the next attempt. */
export const RolloutHeartbeat = z.object({
  cell: Cell,
  turn: z.int().min(0),
  exchanges: z.int().min(0),
  prompt_tokens: z.int().min(0),
  completion_tokens: z.int().min(0),
  cost_usd: z.number().min(0),
  /** Waiting for the model, for a tool, or taking the patch. */
  doing: z.enum(['model', 'tool', 'patch']),
  /** Actions asked of the container so far. */
  actions: z.int().min(0),
});
export type RolloutHeartbeat = z.infer<typeof RolloutHeartbeat>;
