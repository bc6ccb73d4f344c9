import { z } from 'zod';
import { Retry } from './live-detail.ts';
import { ReportedProblem } from './reported-problem.ts';
import { RunName } from './student.ts';
import { JobWatch, TrainingProgress } from './training-run.ts';

/** One variant of a training as server and worker tell it. */
export const TrainingStatus = z.object({
  training: RunName,
  variant: RunName,
  /** The workflow's state: `running`, `completed`, `failed`, `cancelled`, … */
  workflow: z.string(),
  started_at: z.string(),
  closed_at: z.string().nullable(),
  /** Null while no worker answers. */
  progress: TrainingProgress.nullable(),
  /** What the job does, as it was last seen. */
  watch: JobWatch.nullable(),
  /** What is being done before there is a job, in words. */
  doing: z.string().nullable(),
  /** What the server tries again. */
  retries: z.array(Retry),
  /** Why it ended, or why its last job did. */
  problem: ReportedProblem.nullable(),
});
export type TrainingStatus = z.infer<typeof TrainingStatus>;
