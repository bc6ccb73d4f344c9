import { z } from 'zod';
import { Cell } from './campaign.ts';
import { RowFate } from './row-fate.ts';
import { Ending } from './trajectory.ts';
import { Usage } from './turn.ts';

export const RolloutStage = z.enum(['planned', 'rollout', 'verification', 'scan', 'decision', 'done', 'lost', 'cancelled']);
export type RolloutStage = z.infer<typeof RolloutStage>;

/** One rollout of a pull request, as its query shows it. */
export const RolloutDetail = z.object({
  cell: Cell,
  stage: RolloutStage,
  /** When its stage began, in milliseconds since the epoch; null for one that is over. Not said by workers up to 0.1.0. */
  since: z.int().nullable().optional(),
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
