import { z } from 'zod';
import { InstanceId } from './names.ts';
import { EvaluationOutcome } from './evaluation-record.ts';

/** What a benchmark's own grader said of each rollout that left a prediction. Kept in the store. */
export const EvaluationGrading = z.object({
  /** Of the grader. */
  name: z.string(),
  version: z.string(),
  /** Instances whose gold patch the grader does not pass; empty where it was not asked. */
  gold_failures: z.array(InstanceId),
  grades: z.array(
    EvaluationOutcome.pick({ instance_id: true, harness: true, mode: true, run: true, verdict: true }).extend({
      /** Why, where the tests did not decide. */
      detail: z.string(),
      /** The first of the tests that failed there. */
      failed: z.array(z.string()),
    }),
  ),
});
export type EvaluationGrading = z.infer<typeof EvaluationGrading>;
