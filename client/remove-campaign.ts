import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import type { Ledger } from '../activities/ledger/ledger.ts';
import { paths } from '../platform/home.ts';
import { Problem } from '../schemas/problem.ts';
import { campaignWorkflowId, pullRequestWorkflowId } from '../workflows/contract/ids.ts';
import { workflowStatus } from '../platform/temporal/workflow-status.ts';
import { ownWorkflowStatus } from './own-workflow.ts';

/** How long the server may take to delete; milliseconds. */
const patienceMs = 120_000;

/**
 * Forgets a campaign: its workflows on the server, its journals, its records and releases. Artifacts stay in the store,
 * where other campaigns may share them; so do workflows of another store with a campaign of that name. Throws `Problem`
 * campaign_running for one that is still at work.
 */
export async function removeCampaign(
  client: Client,
  { ledger, storeId }: { ledger: Ledger; storeId: string },
  campaign: string,
): Promise<void> {
  const named = [
    campaignWorkflowId(campaign),
    ...(await ledger.tasks(campaign)).map(({ instance_id }) => pullRequestWorkflowId(campaign, instance_id)),
    ...(await releaseWorkflows(client, campaign)),
  ];
  const ids: string[] = [];
  for (const id of named) {
    const status = await ownWorkflowStatus(client, storeId, id);
    if (status !== undefined) ids.push(id);
    if (status !== 'RUNNING') continue;
    throw new Problem('campaign_running', `campaign ${campaign} is still at work (${id})`, {
      hint: `stop it first: tracemill ${id.startsWith('release/') ? 'release cancel' : 'campaign abort'} ${campaign}`,
    });
  }
  await forget(client, ids);
  rmSync(join(paths.journals(), campaign), { recursive: true, force: true });
  rmSync(join(paths.releases(), campaign), { recursive: true, force: true });
  await ledger.removeCampaign(campaign);
}

async function releaseWorkflows(client: Client, campaign: string): Promise<string[]> {
  const ids = new Set<string>();
  const query = `WorkflowType = 'release' AND TracemillCampaign = '${campaign}'`;
  for await (const { workflowId } of client.workflow.list({ query })) ids.add(workflowId);
  return [...ids];
}

/** All at once, because the server deletes in the background; one run of a workflow at a time. */
async function forget(client: Client, ids: string[]): Promise<void> {
  const { namespace } = client.options;
  let left = ids;
  for (const deadline = Date.now() + patienceMs; left.length > 0; await sleep(100)) {
    if (Date.now() > deadline) {
      throw new Problem(
        'temporal_slow',
        `the server has not forgotten ${left.length} workflows of ${ids.length} yet, ${left[0]} among them`,
        {
          hint: 'it does so in the background; try again in a minute',
        },
      );
    }
    await Promise.all(
      left.map((workflowId) =>
        client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } }).catch(ignoreGone),
      ),
    );
    const states = await Promise.all(left.map((id) => workflowStatus(client, id)));
    left = left.filter((_, i) => states[i] !== undefined);
  }
}

/** Status 5, NOT_FOUND: deleted meanwhile, or about to be. */
function ignoreGone(error: unknown): void {
  if (!isGrpcServiceError(error) || error.code !== 5) throw error;
}
