import { z } from 'zod';
import { ReleaseProgress } from './release-progress.ts';

/** Where the build of a release stands. */
export const ReleaseStatus = z.object({
  /** State of its workflow: `running`, `completed`, `failed`, `canceled`… */
  workflow: z.string(),
  /** 0 before a process has taken it. */
  attempt: z.int().min(0),
  progress: ReleaseProgress.nullable(),
  /** What ended the attempt before, if one was. */
  problem: z.string().nullable(),
});
export type ReleaseStatus = z.infer<typeof ReleaseStatus>;
