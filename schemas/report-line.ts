import { z } from 'zod';
import { ReportedProblem } from './reported-problem.ts';

/** One thing of a campaign that was left out, failed or is odd. `where`: file and row, task, or rollout. */
export const ReportLine = ReportedProblem.extend({ kind: z.enum(['input', 'task', 'rollout']), where: z.string() });
export type ReportLine = z.infer<typeof ReportLine>;
