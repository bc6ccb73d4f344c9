import { z } from 'zod';
import { PullRequestDetail } from './pull-request.ts';
import { RolloutDetail } from './rollout-detail.ts';
import { RolloutHeartbeat } from './rollout-heartbeat.ts';
import { GatewayPause } from './teacher-health.ts';

/** A rollout with what it is doing right now; `live` is null unless an attempt is under way. */
export const LiveRollout = RolloutDetail.extend({
  live: RolloutHeartbeat.extend({ attempt: z.int().min(1) }).nullable(),
});
export type LiveRollout = z.infer<typeof LiveRollout>;

/** Work of a task that failed and is tried again: which, the number of its next or present attempt, and the last failure. */
export const Retry = z.object({
  activity: z.string(),
  attempt: z.int().min(1),
  /** Null while the attempt is under way. */
  next_try: z.iso.datetime().nullable(),
  code: z.string(),
  message: z.string(),
});
export type Retry = z.infer<typeof Retry>;

/** What a pull request is doing right now. */
export const LiveDetail = PullRequestDetail.extend({
  rollouts: z.array(LiveRollout),
  /** What failed and is tried again. */
  retries: z.array(Retry),
  /** What its rollouts wait for: teachers that are down, a budget that is spent. */
  pauses: z.array(GatewayPause),
});
export type LiveDetail = z.infer<typeof LiveDetail>;
