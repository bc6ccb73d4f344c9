import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { Ending } from './trajectory.ts';
import { Usage } from './turn.ts';

/** A finished rollout as workflows know it. */
export const RolloutResult = z.object({
  trajectory: ArtifactRef,
  ending: Ending.shape.kind,
  turns: z.int().min(0),
  usage: Usage,
  cost_usd: z.number().min(0),
  empty_patch: z.boolean(),
});
export type RolloutResult = z.infer<typeof RolloutResult>;
