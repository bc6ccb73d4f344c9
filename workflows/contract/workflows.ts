import type { ReleaseInput } from '../../schemas/activity-inputs.ts';
import type { CampaignProgress } from '../../schemas/campaign-progress.ts';
import type { CampaignRun } from '../../schemas/campaign-run.ts';
import type { CampaignStart } from '../../schemas/campaign-start.ts';
import type { EvaluationResult, EvaluationStart } from '../../schemas/evaluation-run.ts';
import type { PipelineResult, PipelineStart } from '../../schemas/pipeline.ts';
import type { ReleaseResult } from '../../schemas/release-result.ts';
import type { TrainingResult, TrainingStart } from '../../schemas/training-run.ts';
import type { ScheduledResult, ScheduledStart } from '../../schemas/schedule.ts';
import type { PullRequestOutcome, PullRequestRun } from '../../schemas/pull-request.ts';

/** Every workflow by the name that it is started by, so that a start is type-checked without importing its code. */
export interface Workflows {
  campaign(input: CampaignStart | CampaignRun): Promise<CampaignProgress>;
  release(input: ReleaseInput): Promise<ReleaseResult>;
  evaluation(start: EvaluationStart): Promise<EvaluationResult>;
  training(start: TrainingStart): Promise<TrainingResult>;
  scheduledRun(start: ScheduledStart): Promise<ScheduledResult>;
  pipeline(start: PipelineStart): Promise<PipelineResult>;
  pullRequest(run: PullRequestRun): Promise<PullRequestOutcome>;
}
