import type { Client, WorkflowExecutionStatusName } from '@temporalio/client';
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
  const found = await findWorkflow(client, campaignWorkflowId(campaign));
  if (found === undefined || found.taskQueue === sharedQueue(storeId)) return found?.status.name;
  const other = storeOfQueue(found.taskQueue) ?? found.taskQueue;
  throw new Problem(
    'campaign_of_another_store',
    `a campaign ${campaign} on this Temporal server belongs to store ${other}; this home has store ${storeId}`,
    { hint: 'give the campaign another name, or work in another namespace (TEMPORAL_NAMESPACE)' },
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
