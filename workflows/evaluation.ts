import { ApplicationFailure, isCancellation, setHandler, workflowInfo } from '@temporalio/workflow';
import type { EvaluationResult, EvaluationStart, FinishEvaluationInput, PlannedEvaluation } from '../schemas/evaluation-run.ts';
import { shortActivities } from './activity-proxies.ts';
import type { EvaluationActivities } from './contract/evaluation-activities.ts';
import { evaluationProgressQuery } from './contract/messages.ts';
import { askStudent, withServer } from './evaluation-rollouts.ts';
import { evaluationActivities } from './evaluation-proxies.ts';
import { EvaluationState } from './evaluation-state.ts';
import { reportedProblem } from './reported-problem.ts';

/**
 * Measures a model: its file is read, the model served or reached, the canary asked, the rollouts run as a campaign of its
 * own, graded and put on record. A server that was started is always stopped. Started again it goes on with what is left,
 * and does nothing when that is nothing.
 */
export async function evaluation(start: EvaluationStart): Promise<EvaluationResult> {
  const state = new EvaluationState(start);
  setHandler(evaluationProgressQuery, () => state.progress());
  try {
    state.result = await evaluate(start, state);
    state.stage = 'done';
    return state.result;
  } catch (error) {
    if (isCancellation(error)) {
      state.stage = 'cancelled';
      throw error;
    }
    const problem = reportedProblem(error);
    state.problem = problem;
    state.stage = 'failed';
    throw ApplicationFailure.create({ type: problem.code, message: problem.message, nonRetryable: true, details: [problem.hint] });
  }
}

async function evaluate(start: EvaluationStart, state: EvaluationState): Promise<EvaluationResult> {
  state.host = (await shortActivities.acquireHost()).host;
  const host = evaluationActivities(state.host);
  const planned = await host.planEvaluation(start);
  const { plan, finished, rollouts_done } = planned;
  state.planned = planned;
  if (finished !== null) return await host.finishedEvaluation({ plan, record: finished });
  const server = rollouts_done ? null : await runRollouts(planned, state, host);
  state.stage = 'grading';
  const grading = await host.gradeEvaluation({ plan });
  state.stage = 'finishing';
  const started_at = workflowInfo().startTime.toISOString();
  return await host.finishEvaluation({ plan, grading, canary: state.canary, server, started_at });
}

/** What the rollouts were asked of: the server that was started; null for an endpoint. */
async function runRollouts(
  planned: PlannedEvaluation,
  state: EvaluationState,
  host: EvaluationActivities,
): Promise<FinishEvaluationInput['server']> {
  const { base_url, serving } = planned;
  if (serving !== null) return await withServer(planned, state, host);
  if (base_url === null) throw ApplicationFailure.nonRetryable('the evaluation names neither a server nor an endpoint', 'bad_evaluation');
  await askStudent(planned, base_url, state, host);
  return null;
}
