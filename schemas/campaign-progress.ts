import { z } from 'zod';
import { Budget } from './budget.ts';
import { CampaignName, InstanceId } from './names.ts';
import { PullRequestCounts } from './pull-request.ts';
import { ReleaseResult } from './release-result.ts';
import { RolloutTotals } from './rollout-totals.ts';
import { TeacherCheck } from './teacher-check.ts';
import { GatewayPause } from './teacher-health.ts';

/** Answer of the campaign's progress query, and its result. */
export const CampaignProgress = z.object({
  campaign: CampaignName,
  /**
   * `waiting`: hosts hold it back, as `pauses` says, and it goes on by itself; `paused`: somebody paused it, whatever it waits for
   * besides. `failed`: it could not be planned, and `detail` says why; how pull requests failed is in `counts`.
   */
  state: z.enum(['planning', 'running', 'waiting', 'paused', 'aborting', 'releasing', 'done', 'failed', 'aborted']),
  tasks: z.int().min(0),
  skipped: z.int().min(0),
  started: z.int().min(0),
  /** Those whose rollouts may run, and those that are prepared and gated ahead of their turn. */
  in_flight: z.array(InstanceId),
  prefetched: z.array(InstanceId),
  counts: PullRequestCounts,
  totals: RolloutTotals,
  concurrency: z.int().min(1),
  budget: Budget,
  /** What hosts hold back; nothing new begins meanwhile. */
  pauses: z.array(GatewayPause),
  detail: z.string(),
  /** What teachers were found to do before the campaign began; absent where none was asked. */
  teacher_checks: z.array(TeacherCheck).optional(),
  release: ReleaseResult.nullable(),
});
export type CampaignProgress = z.infer<typeof CampaignProgress>;
