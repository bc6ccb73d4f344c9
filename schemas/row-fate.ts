import { z } from 'zod';
import { Resolved } from './verdict.ts';

/** What became of a planned rollout's row. */
export const RowFate = z.object({
  kept: z.boolean(),
  resolved: Resolved,
  git_hack_attempted: z.boolean(),
  /** The rule that decided, or `kept`. */
  reason: z.string(),
});
export type RowFate = z.infer<typeof RowFate>;
