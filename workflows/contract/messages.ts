import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Budget } from '../../schemas/budget.ts';
import type { CampaignProgress } from '../../schemas/campaign-progress.ts';
import type { EvaluationProgress } from '../../schemas/evaluation-run.ts';
import type { PipelineProgress } from '../../schemas/pipeline.ts';
import type { HostPauses } from '../../schemas/teacher-health.ts';
import type { TrainingProgress } from '../../schemas/training-run.ts';
import type { PullRequestDetail, PullRequestOutcome } from '../../schemas/pull-request.ts';

/** What an operator's update did; the same update again answers `applied: false`. */
export interface UpdateReply {
  applied: boolean;
  detail: string;
}

/** `detail` of a campaign that was started again after it had ended, under the same plan. */
export const nothingLeft = 'nothing was left to run';

/** The campaign's counts, pull requests in flight and state. */
export const progressQuery = defineQuery<CampaignProgress>('progress');
/** Stage and fate of each rollout of a pull request. */
export const detailQuery = defineQuery<PullRequestDetail>('detail');

/** No further pull request and no further rollout begins; rollouts under way go on to their end. */
export const pauseUpdate = defineUpdate<UpdateReply, [reason: string]>('pause');
export const resumeUpdate = defineUpdate<UpdateReply>('resume');
/** Pull requests whose rollouts run at the same time. */
export const concurrencyUpdate = defineUpdate<UpdateReply, [concurrency: number]>('concurrency');
/** Cancels what is in flight; what was finished stays on the ledger, no release is built. */
export const abortUpdate = defineUpdate<UpdateReply, [reason: string]>('abort');

/** What the campaign may spend from now on. */
export const budgetUpdate = defineUpdate<UpdateReply, [change: Partial<Budget>]>('budget');
/** The budget as it is now; workers see to it that their gateways keep to it. */
export const budgetQuery = defineQuery<Budget>('budget');

/** Where an evaluation stands; its rollouts are those of its campaign, which answers for itself. */
export const evaluationProgressQuery = defineQuery<EvaluationProgress>('evaluationProgress');
/** Where a pipeline stands, step by step. */
export const pipelineProgressQuery = defineQuery<PipelineProgress>('pipelineProgress');

/** The worker of a host reports what its gateway holds back of the campaign. Sent again, it changes nothing. */
export const gatewayPausedSignal = defineSignal<[HostPauses]>('gatewayPaused');

/** Where a training stands; what its job is doing travels in the heartbeats of the activity that watches it. */
export const trainingProgressQuery = defineQuery<TrainingProgress>('trainingProgress');

/** A pull request reports to its campaign how it ended. */
export const pullRequestEnded = defineSignal<[PullRequestOutcome]>('pullRequestEnded');
/** A campaign has a pull request begin no rollout, or go on. Sent again, it changes nothing. */
export const setPausedSignal = defineSignal<[paused: boolean]>('setPaused');
/** A campaign has room for the rollouts of a pull request that was prefetched. Sent again, it changes nothing. */
export const startRolloutsSignal = defineSignal('startRollouts');
