import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { ArtifactRef } from '../schemas/artifact-ref.ts';
import type { CampaignPlan } from '../schemas/campaign-plan.ts';
import type { CampaignRun } from '../schemas/campaign-run.ts';
import { cellsOf } from '../activities/planning/cells.ts';
import { ownCampaignStatus } from './own-workflow.ts';
import { campaignWorkflowId, sharedQueue } from '../workflows/contract/ids.ts';
import { campaignAttributes } from '../workflows/contract/search-keys.ts';
import type { Workflows } from '../workflows/contract/workflows.ts';

/** `started` anew or again, `running` already, or `done`: nothing is left to run. */
export type StartResult = 'started' | 'running' | 'done';

/**
 * Starts a campaign on the store, or goes on with one: what is finished stays finished, what failed or was aborted runs again.
 * `changed` says that the plan differs from the one of the last start, so that a finished campaign has new work. Throws
 * `Problem` campaign_of_another_store when the server knows a campaign of this name that works on another store.
 */
export async function startCampaign(
  client: Client,
  { storeId, plan, ref, changed }: { storeId: string; plan: CampaignPlan; ref: ArtifactRef; changed: boolean },
): Promise<StartResult> {
  const { name } = plan.campaign;
  if ((await ownCampaignStatus(client, storeId, name)) === 'RUNNING') return 'running';
  try {
    await client.workflow.start<Workflows['campaign']>('campaign', {
      workflowId: campaignWorkflowId(name),
      taskQueue: sharedQueue(storeId),
      args: [runOf(plan, ref)],
      workflowIdReusePolicy: changed ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
      workflowIdConflictPolicy: 'FAIL',
      typedSearchAttributes: campaignAttributes(name),
      staticSummary: `${plan.tasks.length} tasks × ${cellsOf(plan.campaign).length} rollouts`,
    });
    return 'started';
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    // Done already; or started by another command a moment ago.
    return (await ownCampaignStatus(client, storeId, name)) === 'RUNNING' ? 'running' : 'done';
  }
}

function runOf({ campaign, tasks, skipped }: CampaignPlan, plan: ArtifactRef): CampaignRun {
  return {
    campaign: campaign.name,
    plan,
    tasks: tasks.length,
    skipped: skipped.length,
    cells: cellsOf(campaign),
    timeouts: {
      rollout_seconds: campaign.rollout.timeout_hours * 3600,
      verification_seconds: campaign.verification.timeout_seconds,
      heartbeat_seconds: campaign.rollout.heartbeat_seconds,
      host_seconds: campaign.rollout.host_minutes * 60,
      campaign_seconds: 3600,
    },
    concurrency: campaign.concurrency,
    prefetch: campaign.prefetch,
    release: campaign.release.build ? campaign.release.version : null,
  };
}
