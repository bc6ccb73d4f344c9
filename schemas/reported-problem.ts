import { z } from 'zod';

/** A problem as it is put on record: its stable code, what happened, and what to do next (may be empty). */
export const ReportedProblem = z.object({ code: z.string(), message: z.string(), hint: z.string() });
export type ReportedProblem = z.infer<typeof ReportedProblem>;
