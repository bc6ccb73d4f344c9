import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { Budget } from './budget.ts';
import { CampaignPurpose, Cell } from './campaign.ts';
import { CampaignName, InstanceId } from './names.ts';
import { PullRequestCounts } from './pull-request.ts';
import { ReleaseOptions } from './release-options.ts';
import { RolloutTotals } from './rollout-totals.ts';
import { RunTimeouts } from './run-timeouts.ts';
import { TeacherCheck } from './teacher-check.ts';
import { HeldByHost } from './teacher-health.ts';

/** What one run of the campaign workflow hands to the next. */
export const CampaignCarry = z.object({
  offset: z.int().min(0),
  in_flight: z.array(InstanceId),
  prefetched: z.array(InstanceId),
  /** Begun pull requests that may not have received the last message to them. */
  uninformed: z.array(InstanceId),
  counts: PullRequestCounts,
  totals: RolloutTotals,
  concurrency: z.int().min(1),
  paused: z.boolean(),
  aborted: z.string().nullable(),
  budget: Budget,
  /** What hosts hold back, as they last reported. */
  held: z.array(HeldByHost),
});
export type CampaignCarry = z.infer<typeof CampaignCarry>;

/** Input of the campaign workflow. */
export const CampaignRun = z.object({
  campaign: CampaignName,
  purpose: CampaignPurpose.optional(),
  plan: ArtifactRef,
  tasks: z.int().min(0),
  skipped: z.int().min(0),
  cells: z.array(Cell),
  timeouts: RunTimeouts,
  concurrency: z.int().min(1),
  /** Pull requests prepared and gated beyond those. */
  prefetch: z.int().min(0),
  /** As planned; `carry` holds changes. */
  budget: Budget,
  /** Version of the release built at the end; null builds none. */
  release: z.string().nullable(),
  /** How that release is made, where the file says so. */
  release_options: ReleaseOptions.optional(),
  /** Of teachers, before the first run; absent where none was asked. */
  teacher_checks: z.array(TeacherCheck).optional(),
  carry: CampaignCarry.optional(),
});
export type CampaignRun = z.infer<typeof CampaignRun>;
