import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { findWorkflow } from '../platform/temporal/workflow-status.ts';
import type { PipelineStart } from '../schemas/pipeline.ts';
import type { PipelineStatus } from '../schemas/pipeline-status.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import type { ReportedProblem } from '../schemas/reported-problem.ts';
import { pipelineWorkflowId, sharedQueue } from '../workflows/contract/ids.ts';
import { pipelineProgressQuery } from '../workflows/contract/messages.ts';
import { runAttributes } from '../workflows/contract/search-keys.ts';
import type { Workflows } from '../workflows/contract/workflows.ts';
import { ownWorkflow } from './own-workflow.ts';
import { pendingRetries } from './pending-retries.ts';
import { queryPatiently } from './query-patiently.ts';

/**
 * Starts a pipeline, or goes on with it: steps whose inputs are those of an earlier run are not run again. `running`: it
 * runs already. Throws `Problem` pipeline_of_another_store when the server knows one of this name of another home.
 */
export async function startPipeline(client: Client, storeId: string, start: PipelineStart): Promise<'started' | 'running'> {
  const workflowId = pipelineWorkflowId(start.name);
  const found = await ownWorkflow(client, storeId, { kind: 'pipeline', what: `pipeline ${start.name}`, workflowId });
  if (found?.status.name === 'RUNNING') return 'running';
  try {
    await client.workflow.start<Workflows['pipeline']>('pipeline', {
      workflowId,
      taskQueue: sharedQueue(storeId),
      args: [start],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: runAttributes(start.name),
      staticSummary: `pipeline ${start.name}, from ${start.from}`,
    });
    return 'started';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'running';
    throw error;
  }
}

/** Where a pipeline stands. Throws `Problem` pipeline_not_found. */
export async function pipelineStatus(client: Client, name: string): Promise<PipelineStatus> {
  const handle = client.workflow.getHandle<Workflows['pipeline']>(pipelineWorkflowId(name));
  const described = await handle.describe().catch((error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw notFound(name, 'was started');
  });
  const progress = await queryPatiently(client, () => handle.query(pipelineProgressQuery)).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'temporal_no_worker') return null;
    throw error;
  });
  const running = described.status.name === 'RUNNING';
  return {
    name,
    workflow: described.status.name.toLowerCase(),
    started_at: described.startTime.toISOString(),
    closed_at: described.closeTime?.toISOString() ?? null,
    progress,
    retries: pendingRetries(described),
    problem: running ? null : await endOf(handle),
  };
}

/** Names of the pipelines of a store that the server knows, sorted. */
export async function knownPipelines(client: Client, storeId: string): Promise<string[]> {
  const names = new Set<string>();
  const prefix = pipelineWorkflowId('');
  const query = `WorkflowType = 'pipeline' AND TaskQueue = '${sharedQueue(storeId)}'`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    if (workflowId.startsWith(prefix)) names.add(workflowId.slice(prefix.length));
  }
  return [...names].toSorted();
}

/** Cancels a pipeline and with it the step that runs. Throws `Problem` pipeline_not_found when it does not run. */
export async function cancelPipeline(client: Client, name: string): Promise<void> {
  const found = await findWorkflow(client, pipelineWorkflowId(name));
  if (found?.status.name !== 'RUNNING') throw notFound(name, 'is running');
  await client.workflow.getHandle(pipelineWorkflowId(name)).cancel();
}

async function endOf(handle: { result(): Promise<unknown> }): Promise<ReportedProblem | null> {
  try {
    await handle.result();
    return null;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (cause instanceof CancelledFailure) return { code: 'pipeline_cancelled', message: 'the pipeline was cancelled', hint: '' };
    const hint: unknown = cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
    const code = cause instanceof ApplicationFailure ? (cause.type ?? 'pipeline_failed') : 'pipeline_failed';
    return { code, message: messageOf(cause ?? error), hint: typeof hint === 'string' ? hint : '' };
  }
}

function notFound(name: string, what: string): Problem {
  return new Problem('pipeline_not_found', `no pipeline ${name} ${what}`, { hint: 'see: tracemill pipeline list' });
}
