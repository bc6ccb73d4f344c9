import {
  type Client,
  isGrpcServiceError,
  QueryNotRegisteredError,
  ServiceError,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import type { Ledger } from '../activities/ledger/ledger.ts';
import { findWorkflow } from '../platform/temporal/workflow-status.ts';
import { EvaluationHeartbeat } from '../schemas/evaluation-heartbeat.ts';
import type { EvaluationStatus } from '../schemas/evaluation-status.ts';
import { Problem } from '../schemas/problem.ts';
import { evaluationCampaign, evaluationWorkflowId } from '../workflows/contract/ids.ts';
import { evaluationProgressQuery } from '../workflows/contract/messages.ts';
import { campaignStatus } from './campaign-status.ts';
import { heartbeatOf } from './heartbeat.ts';
import { problemOfRun } from './run-workflow.ts';

/** How long a worker gets to answer; milliseconds. */
const patienceMs = 5000;

type Stores = Pick<Ledger, 'campaignFunnel' | 'hasCampaign' | 'run'>;

/** Where an evaluation stands. Throws `Problem` evaluation_not_found when neither the server nor the ledger knows it. */
export async function evaluationStatus(client: Client, ledger: Stores, evaluation: string): Promise<EvaluationStatus> {
  const campaign = evaluationCampaign(evaluation);
  const [found, planned] = await Promise.all([findWorkflow(client, evaluationWorkflowId(evaluation)), ledger.hasCampaign(campaign)]);
  if (found === undefined && !planned && (await ledger.run('evaluation', evaluation)) === null) {
    throw new Problem('evaluation_not_found', `no evaluation is called ${evaluation}`, { hint: 'see: tracemill evaluation list' });
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
    problem: progress?.problem ?? (workflow === 'failed' ? await problemOfRun('evaluation', handle) : null),
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

/** Without a worker no query is answered; only the ledger's figures are left. */
function noAnswer(error: unknown): null {
  if (isGrpcServiceError(error) || error instanceof ServiceError || error instanceof QueryNotRegisteredError) return null;
  throw error;
}
