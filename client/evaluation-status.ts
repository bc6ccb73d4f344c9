import {
  ApplicationFailure,
  type Client,
  isGrpcServiceError,
  QueryNotRegisteredError,
  ServiceError,
  WorkflowFailedError,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import type { Ledger } from '../activities/ledger/ledger.ts';
import { findWorkflow } from '../platform/temporal/workflow-status.ts';
import { EvaluationHeartbeat } from '../schemas/evaluation-heartbeat.ts';
import type { EvaluationStatus } from '../schemas/evaluation-status.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import type { ReportedProblem } from '../schemas/reported-problem.ts';
import { evaluationCampaign, evaluationWorkflowId } from '../workflows/contract/ids.ts';
import { evaluationProgressQuery } from '../workflows/contract/messages.ts';
import { campaignStatus } from './campaign-status.ts';
import { heartbeatOf } from './heartbeat.ts';

/** How long a worker gets to answer; milliseconds. */
const patienceMs = 5000;

type Stores = Pick<Ledger, 'campaignFunnel' | 'hasCampaign' | 'run'>;

/** Where an evaluation stands. Throws `Problem` unknown_evaluation when neither the server nor the ledger knows it. */
export async function evaluationStatus(client: Client, ledger: Stores, evaluation: string): Promise<EvaluationStatus> {
  const campaign = evaluationCampaign(evaluation);
  const [found, planned] = await Promise.all([findWorkflow(client, evaluationWorkflowId(evaluation)), ledger.hasCampaign(campaign)]);
  if (found === undefined && !planned && (await ledger.run('evaluation', evaluation)) === null) {
    throw new Problem('unknown_evaluation', `no evaluation is called ${evaluation}`, { hint: 'see: tracemill evaluation list' });
  }
  const rollouts = planned ? await campaignStatus(client, ledger, campaign) : null;
  if (found === undefined) {
    return { evaluation, workflow: 'unknown', started_at: null, closed_at: null, progress: null, doing: [], rollouts, problem: null };
  }
  const handle = client.workflow.getHandle(evaluationWorkflowId(evaluation));
  const progress = await client.withDeadline(Date.now() + patienceMs, () => handle.query(evaluationProgressQuery)).catch(noAnswer);
  const workflow = found.status.name.toLowerCase();
  return {
    evaluation,
    workflow,
    started_at: found.startTime.toISOString(),
    closed_at: found.closeTime?.toISOString() ?? null,
    progress,
    doing: stepsOf(found),
    rollouts,
    problem: progress?.problem ?? (workflow === 'failed' ? await problemOf(handle) : null),
  };
}

function stepsOf({ raw }: WorkflowExecutionDescription): EvaluationStatus['doing'] {
  return (raw.pendingActivities ?? []).map((activity) => ({
    step: activity.activityType?.name ?? '',
    attempt: activity.attempt ?? 0,
    doing: heartbeatOf(activity, EvaluationHeartbeat)?.doing ?? '',
    problem: activity.lastFailure?.message ?? null,
  }));
}

/** Why a run failed; asked of the server, which needs no worker. */
async function problemOf(handle: { result(): Promise<unknown> }): Promise<ReportedProblem | null> {
  try {
    await handle.result();
    return null;
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : error;
    if (!(cause instanceof ApplicationFailure)) return { code: 'evaluation_failed', message: messageOf(cause), hint: '' };
    const hint: unknown = cause.details?.[0];
    return { code: cause.type ?? 'evaluation_failed', message: cause.message, hint: typeof hint === 'string' ? hint : '' };
  }
}

/** Without a worker no query is answered; only the ledger's figures are left. */
function noAnswer(error: unknown): null {
  if (isGrpcServiceError(error) || error instanceof ServiceError || error instanceof QueryNotRegisteredError) return null;
  throw error;
}
