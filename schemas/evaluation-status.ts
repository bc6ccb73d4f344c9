import { z } from 'zod';
import { CampaignStatus } from './campaign-status.ts';
import { EvaluationProgress } from './evaluation-run.ts';
import { ReportedProblem } from './reported-problem.ts';
import { RunName } from './student.ts';

/** Where an evaluation stands: its own steps, and its rollouts as their campaign tells. */
export const EvaluationStatus = z.object({
  evaluation: RunName,
  /** The workflow's own state, `unknown` when the server has forgotten it. */
  workflow: z.string(),
  started_at: z.iso.datetime().nullable(),
  closed_at: z.iso.datetime().nullable(),
  /** Null when no worker answered in time. */
  progress: EvaluationProgress.nullable(),
  /** What its steps are doing, by activity. */
  doing: z.array(z.object({ step: z.string(), attempt: z.int(), doing: z.string(), problem: z.string().nullable() })),
  /** Null as long as no rollout was planned. */
  rollouts: CampaignStatus.nullable(),
  /** Why it ended; null while it runs, and when it is done. */
  problem: ReportedProblem.nullable(),
});
export type EvaluationStatus = z.infer<typeof EvaluationStatus>;
