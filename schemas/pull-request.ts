import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { CampaignPurpose, Cell } from './campaign.ts';
import { PlannedTask } from './campaign-plan.ts';
import { CampaignName, InstanceId } from './names.ts';
import { ReportedProblem } from './reported-problem.ts';
import { RolloutDetail } from './rollout-detail.ts';
import { RolloutTotals } from './rollout-totals.ts';
import { RunTimeouts } from './run-timeouts.ts';

/** `ready`: waits until its campaign has room for its rollouts, and is not paused. */
export const PullRequestStage = z.enum(['queued', 'preparation', 'gate', 'ready', 'rollouts', 'done', 'failed', 'cancelled']);
export type PullRequestStage = z.infer<typeof PullRequestStage>;

/** Answer of the pull request's query. */
export const PullRequestDetail = z.object({
  campaign: CampaignName,
  instance_id: InstanceId,
  stage: PullRequestStage,
  /** When its stage began, in milliseconds since the epoch. Not said by workers up to 0.1.0. */
  since: z.int().optional(),
  paused: z.boolean(),
  host: z.string().nullable(),
  detail: z.string(),
  rollouts: z.array(RolloutDetail),
});
export type PullRequestDetail = z.infer<typeof PullRequestDetail>;

/** Input of the pull-request workflow. */
export const PullRequestRun = z.object({
  campaign: CampaignName,
  purpose: CampaignPurpose.optional(),
  plan: ArtifactRef,
  entry: PlannedTask,
  cells: z.array(Cell),
  timeouts: RunTimeouts,
  paused: z.boolean(),
  /** Stops after the gate until its campaign has room for its rollouts. */
  prefetched: z.boolean(),
});
export type PullRequestRun = z.infer<typeof PullRequestRun>;

/** How a pull request ended, which it reports to its campaign. `gated_out`: no rollout was worth its tokens. */
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
