import {
  ApplicationFailure,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  type ChildWorkflowOptions,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  setHandler,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { PipelineResult, PipelineStage, PipelineStart } from '../schemas/pipeline.ts';
import type { ReportedProblem } from '../schemas/reported-problem.ts';
import { pipelineActivities, waitingActivities } from './activity-proxies.ts';
import { campaignWorkflowId, evaluationWorkflowId, trainingWorkflowId } from './contract/ids.ts';
import { nothingLeft, pipelineProgressQuery } from './contract/messages.ts';
import { campaignAttributes, runAttributes } from './contract/search-keys.ts';
import type { Workflows } from './contract/workflows.ts';
import { PipelineState } from './pipeline-state.ts';
import { reportedProblem, sentenceOf } from './reported-problem.ts';

/**
 * Campaign with its release, then every student of the training matrix, then the evaluations, then one report over them.
 * Each step is a workflow under the name that it would have when started alone, and ends at once where its inputs are
 * those of an earlier run: starting a pipeline again does what is left. A step that fails keeps only those from running
 * that need what it makes; the pipeline then ends as failed after its report.
 */
export async function pipeline(start: PipelineStart): Promise<PipelineResult> {
  const state = new PipelineState(start);
  setHandler(pipelineProgressQuery, () => state.progress());
  const steps = new PipelineSteps(start, state);
  await steps.runCampaign();
  await steps.train();
  await steps.evaluate();
  state.begin('report', start.name, Date.now());
  const result = await pipelineActivities.reportPipeline({ start, steps: state.steps });
  state.end('report', start.name, 'done', Date.now());
  const { failures } = state;
  if (failures.length === 0) return { ...result, steps: state.steps };
  const what = failures.map(({ stage, name, problem }) => `${stage} ${name}: ${problem === null ? 'failed' : sentenceOf(problem)}`);
  throw ApplicationFailure.create({
    type: 'pipeline_incomplete',
    message: `${failures.length} of ${state.steps.length} steps failed or could not run: ${what.join('; ')}`,
    nonRetryable: true,
    details: ['start the pipeline again: it does what is left'],
  });
}

class PipelineSteps {
  readonly #start: PipelineStart;
  readonly #state: PipelineState;

  constructor(start: PipelineStart, state: PipelineState) {
    this.#start = start;
    this.#state = state;
  }

  async runCampaign(): Promise<void> {
    const { campaign } = this.#start;
    if (campaign === null) return;
    const { name } = campaign;
    await this.#step('campaign', name, async () => {
      const progress = await runStep(campaignWorkflowId(name), (options) =>
        executeChild<Workflows['campaign']>('campaign', {
          ...options,
          args: [{ campaign: name, file: campaign }],
          typedSearchAttributes: campaignAttributes(name),
        }),
      );
      return progress.detail === nothingLeft;
    });
  }

  /** One student after the other: a machine trains one at a time, and a cluster's queue loses nothing by it. */
  async train(): Promise<void> {
    const { campaign, training } = this.#start;
    if (training === null) return;
    for (const variant of Object.keys(training.variants)) {
      const name = `${training.name}/${variant}`;
      const missing = campaign === null ? undefined : this.#missing('campaign', campaign.name);
      if (missing !== undefined) this.#state.leave('training', name, missing);
      await this.#step('training', name, async () => {
        const result = await runStep(trainingWorkflowId(training.name, variant), (options) =>
          executeChild<Workflows['training']>('training', {
            ...options,
            args: [{ file: training, variant }],
            typedSearchAttributes: runAttributes(training.name),
          }),
        );
        return result.unchanged;
      });
    }
  }

  async evaluate(): Promise<void> {
    const { training, evaluations } = this.#start;
    for (const { file, variant } of evaluations) {
      const missing = training === null || variant === null ? undefined : this.#missing('training', `${training.name}/${variant}`);
      if (missing !== undefined) this.#state.leave('evaluation', file.name, missing);
      await this.#step('evaluation', file.name, async () => {
        const result = await runStep(evaluationWorkflowId(file.name), (options) =>
          executeChild<Workflows['evaluation']>('evaluation', {
            ...options,
            args: [{ file }],
            typedSearchAttributes: runAttributes(file.name),
          }),
        );
        return result.unchanged;
      });
    }
  }

  /** Runs a step that waits for its turn; `work` says whether nothing was left to do. */
  async #step(stage: PipelineStage, name: string, work: () => Promise<boolean>): Promise<void> {
    if (this.#state.stateOf(stage, name) !== 'waiting') return;
    this.#state.begin(stage, name, Date.now());
    try {
      this.#state.end(stage, name, (await work()) ? 'unchanged' : 'done', Date.now());
    } catch (error) {
      if (isCancellation(error)) throw error;
      this.#state.fail(stage, name, reportedProblem(error instanceof ChildWorkflowFailure ? error.cause : error), Date.now());
    }
  }

  /** Why a step cannot run: the one before it, which makes what it needs, did not end well. */
  #missing(stage: PipelineStage, name: string): ReportedProblem | undefined {
    const state = this.#state.stateOf(stage, name);
    if (state !== 'failed' && state !== 'not_run') return undefined;
    return { code: 'step_before_failed', message: `${stage} ${name} did not end well`, hint: `see: tracemill ${stage} status` };
  }
}

/** How a step runs: under the id that it has when started alone, and cancelled with its pipeline. */
type StepOptions = Pick<ChildWorkflowOptions, 'workflowId' | 'workflowIdReusePolicy' | 'parentClosePolicy' | 'cancellationType'>;

/** Runs a step's workflow; one of this id that somebody started already is waited for first. */
async function runStep<Result>(workflowId: string, run: (options: StepOptions) => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await run({
        workflowId,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await waitingActivities.awaitEnd({ workflowId });
    }
  }
}
