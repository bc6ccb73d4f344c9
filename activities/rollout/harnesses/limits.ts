import { z } from 'zod';

/** Seconds. */
export const seconds = z.number().positive();

/** Limits of a rollout that every harness has. */
export const rolloutLimits = {
  max_turns: z.int().min(1).default(250),
  max_cost_usd: z.number().min(0).default(0).describe('a rollout; 0 means no limit'),
};
