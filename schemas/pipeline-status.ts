import { z } from 'zod';
import { PipelineProgress } from './pipeline.ts';
import { Retry } from './live-detail.ts';
import { ReportedProblem } from './reported-problem.ts';
import { RunName } from './student.ts';

/** A pipeline as the command line and pages show it. */
export const PipelineStatus = z.object({
  name: RunName,
  /** Temporal's state, lower case: running, completed, failed, canceled, terminated… */
  workflow: z.string(),
  started_at: z.string(),
  closed_at: z.string().nullable(),
  /** Null when no worker answers. */
  progress: PipelineProgress.nullable(),
  /** How far the step is that runs, in words; null where that is not known. */
  doing: z.string().nullable(),
  retries: z.array(Retry),
  /** Why it ended without its result. */
  problem: ReportedProblem.nullable(),
});
export type PipelineStatus = z.infer<typeof PipelineStatus>;
