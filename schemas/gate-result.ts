import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { ReportedProblem } from './reported-problem.ts';

/** What the gate says to the workflow; its record lies in the store. */
export const GateResult = z.object({
  passed: z.boolean(),
  reason: z.string(),
  /** Why it did not pass. */
  problem: ReportedProblem.optional(),
  record: ArtifactRef,
});
export type GateResult = z.infer<typeof GateResult>;
