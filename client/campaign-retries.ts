import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { CampaignProgress } from '../schemas/campaign-progress.ts';
import type { CampaignRetry } from '../schemas/campaign-status.ts';
import { pullRequestWorkflowId } from '../workflows/contract/ids.ts';
import { pendingRetries } from './pending-retries.ts';

/** One call to the server each: what keeps many from going on is seen in the first ones. */
export const retriesAskedOf = 20;

/** What failed and is tried again, of the tasks that a campaign has begun. */
export async function campaignRetries(
  client: Client,
  campaign: string,
  { in_flight, prefetched }: Pick<CampaignProgress, 'in_flight' | 'prefetched'>,
): Promise<CampaignRetry[]> {
  const begun = [...new Set([...in_flight, ...prefetched])].slice(0, retriesAskedOf);
  return (await Promise.all(begun.map((instance_id) => retriesOf(client, campaign, instance_id)))).flat();
}

async function retriesOf(client: Client, campaign: string, instance_id: string): Promise<CampaignRetry[]> {
  try {
    const description = await client.workflow.getHandle(pullRequestWorkflowId(campaign, instance_id)).describe();
    return pendingRetries(description).map((retry) => ({ ...retry, instance_id }));
  } catch (error) {
    // It is about to begin, or the server has forgotten it.
    if (error instanceof WorkflowNotFoundError) return [];
    throw error;
  }
}
