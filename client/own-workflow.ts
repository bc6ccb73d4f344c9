import type { Client, WorkflowExecutionDescription, WorkflowExecutionStatusName } from '@temporalio/client';
import { findWorkflow } from '../platform/temporal/workflow-status.ts';
import { Problem } from '../schemas/problem.ts';
import { campaignWorkflowId, sharedQueue, storeOfQueue } from '../workflows/contract/ids.ts';

/**
 * State of a campaign's newest run, undefined when there was none. Throws `Problem` campaign_of_another_store when the run's
 * queue is of another store: workflow ids hold the campaign's name alone.
 */
export async function ownCampaignStatus(
  client: Client,
  storeId: string,
  campaign: string,
): Promise<WorkflowExecutionStatusName | undefined> {
  const id = { kind: 'campaign', what: `a campaign ${campaign}`, workflowId: campaignWorkflowId(campaign) } as const;
  return (await ownWorkflow(client, storeId, id))?.status.name;
}

/** A workflow by its id, and in words what it is, such as `a campaign demo`. */
export interface NamedWorkflow {
  kind: 'campaign' | 'training' | 'evaluation' | 'pipeline';
  what: string;
  workflowId: string;
}

/**
 * The newest run of a workflow, undefined when there was none. Throws `Problem` `<kind>_of_another_store` when its queue is of
 * another store: workflow ids hold names alone.
 */
export async function ownWorkflow(
  client: Client,
  storeId: string,
  { kind, what, workflowId }: NamedWorkflow,
): Promise<WorkflowExecutionDescription | undefined> {
  const found = await findWorkflow(client, workflowId);
  if (found === undefined || found.taskQueue === sharedQueue(storeId)) return found;
  const other = storeOfQueue(found.taskQueue) ?? found.taskQueue;
  throw new Problem(
    `${kind}_of_another_store`,
    `${what} on this Temporal server belongs to store ${other}; this home has store ${storeId}`,
    { hint: `give the ${kind} another name, or work in another namespace (TEMPORAL_NAMESPACE)` },
  );
}

/** State of a workflow of this store; undefined when there is none, or when it is another store's. */
export async function ownWorkflowStatus(
  client: Client,
  storeId: string,
  workflowId: string,
): Promise<WorkflowExecutionStatusName | undefined> {
  const found = await findWorkflow(client, workflowId);
  return found?.taskQueue === sharedQueue(storeId) ? found.status.name : undefined;
}
