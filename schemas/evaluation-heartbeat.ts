import { z } from 'zod';

/** What a step of an evaluation says of itself while it works, for people. */
export const EvaluationHeartbeat = z.object({ doing: z.string() });
export type EvaluationHeartbeat = z.infer<typeof EvaluationHeartbeat>;
