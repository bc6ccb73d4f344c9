import { z } from 'zod';

/** How long the activities of a pull request may take; seconds. */
export const RunTimeouts = z.object({
  rollout_seconds: z.number().positive(),
  verification_seconds: z.number().positive(),
  heartbeat_seconds: z.number().positive(),
  /** Work that no worker of its host takes for this long is given to another host. */
  host_seconds: z.number().positive(),
  /** A pull request that waits for its campaign asks after this time whether that still runs. */
  campaign_seconds: z.number().positive(),
});
export type RunTimeouts = z.infer<typeof RunTimeouts>;
