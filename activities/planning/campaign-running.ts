import type { Client } from '@temporalio/client';
import { workflowStatus } from '../../platform/temporal/workflow-status.ts';
import { campaignWorkflowId } from '../../workflows/contract/ids.ts';

/** Whether the newest run of a campaign is open on the server. */
export async function campaignIsRunning(client: Client, campaign: string): Promise<boolean> {
  const status = await workflowStatus(client, campaignWorkflowId(campaign));
  return status === 'RUNNING' || status === 'PAUSED';
}
