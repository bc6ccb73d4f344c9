import { z } from 'zod';
import { Cell } from './campaign.ts';

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
