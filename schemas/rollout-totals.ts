import { z } from 'zod';

/** Sums over rollouts; the counts of a campaign add up to `planned`. */
export const RolloutTotals = z.object({
  planned: z.int().min(0),
  done: z.int().min(0),
  lost: z.int().min(0),
  kept: z.int().min(0),
  resolved: z.int().min(0),
  /** Turns of those that are done. */
  turns: z.int().min(0),
  prompt_tokens: z.int().min(0),
  completion_tokens: z.int().min(0),
  cost_usd: z.number().min(0),
});
export type RolloutTotals = z.infer<typeof RolloutTotals>;
