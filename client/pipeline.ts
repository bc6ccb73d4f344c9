import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { PipelineStart } from '../schemas/pipeline.ts';
import type { PipelineStatus } from '../schemas/pipeline-status.ts';
import { Problem } from '../schemas/problem.ts';
import { pipelineWorkflowId, sharedQueue } from '../workflows/contract/ids.ts';
import { pipelineProgressQuery } from '../workflows/contract/messages.ts';
import { runAttributes } from '../workflows/contract/search-keys.ts';
import type { Workflows } from '../workflows/contract/workflows.ts';
import type { NamedWorkflow } from './own-workflow.ts';
import { pendingRetries } from './pending-retries.ts';
import { queryPatiently } from './query-patiently.ts';
import { cancelRunning, problemOfRun, startUnlessRunning } from './run-workflow.ts';
import { type Records, stepDetail } from './step-detail.ts';

/**
 * Starts a pipeline, or goes on with it: steps whose inputs are those of an earlier run are not run again. `running`: it
 * runs already. Throws `Problem` pipeline_of_another_store when the server knows one of this name of another home.
 */
export async function startPipeline(client: Client, storeId: string, start: PipelineStart): Promise<'started' | 'running'> {
  return await startUnlessRunning(client, storeId, pipelineWorkflow(start.name), (options) =>
    client.workflow.start<Workflows['pipeline']>('pipeline', {
      ...options,
      args: [start],
      typedSearchAttributes: runAttributes(start.name),
      staticSummary: `pipeline ${start.name}, from ${start.from}`,
    }),
  );
}

/** Where a pipeline stands. Throws `Problem` pipeline_not_found. */
export async function pipelineStatus(client: Client, ledger: Records, name: string): Promise<PipelineStatus> {
  const handle = client.workflow.getHandle<Workflows['pipeline']>(pipelineWorkflowId(name));
  const described = await handle.describe().catch((error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new Problem('pipeline_not_found', `no pipeline ${name} was started`, { hint: 'see: tracemill pipeline list' });
  });
  const progress = await queryPatiently(client, () => handle.query(pipelineProgressQuery)).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'temporal_no_worker') return null;
    throw error;
  });
  const running = described.status.name === 'RUNNING';
  const step = running ? progress?.steps.find(({ state }) => state === 'running') : undefined;
  return {
    name,
    workflow: described.status.name.toLowerCase(),
    started_at: described.startTime.toISOString(),
    closed_at: described.closeTime?.toISOString() ?? null,
    progress,
    // A step that begins or ends just now is not known by all that are asked.
    doing: step === undefined ? null : await stepDetail(client, ledger, step).catch(() => null),
    retries: pendingRetries(described),
    problem: running ? null : await problemOfRun('pipeline', handle),
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
export async function cancelPipeline(client: Client, storeId: string, name: string): Promise<void> {
  await cancelRunning(client, storeId, pipelineWorkflow(name));
}

function pipelineWorkflow(name: string): NamedWorkflow {
  return { kind: 'pipeline', what: `pipeline ${name}`, workflowId: pipelineWorkflowId(name) };
}
