import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  type Client,
  WorkflowFailedError,
  type WorkflowHandle,
  type WorkflowHandleWithStartDetails,
} from '@temporalio/client';
import { workflowStatus } from '../platform/temporal/workflow-status.ts';
import type { ReleaseInput } from '../schemas/activity-inputs.ts';
import { Problem } from '../schemas/problem.ts';
import { ReleaseProgress } from '../schemas/release-progress.ts';
import type { ReleaseResult } from '../schemas/release-result.ts';
import type { ReleaseStatus } from '../schemas/release-status.ts';
import { releaseWorkflowId, sharedQueue } from '../workflows/contract/ids.ts';
import { campaignAttributes } from '../workflows/contract/search-keys.ts';
import type { Workflows } from '../workflows/contract/workflows.ts';
import { heartbeatOf } from './heartbeat.ts';
import { ownCampaignStatus } from './own-workflow.ts';
import { queueIsServed } from './queue-served.ts';

/**
 * Has a release built by a worker; joins the build that is under way already. The same ledger gives the same release, so
 * building one again is no loss. Throws `Problem` temporal_no_worker when no worker of the store has asked for work lately,
 * campaign_of_another_store for a campaign that is not of this one.
 */
export async function startRelease(
  client: Client,
  storeId: string,
  input: ReleaseInput,
): Promise<WorkflowHandleWithStartDetails<Workflows['release']>> {
  for (const campaign of input.query?.campaigns ?? [input.campaign]) await ownCampaignStatus(client, storeId, campaign);
  const queue = sharedQueue(storeId);
  if (!(await queueIsServed(client, queue))) {
    throw new Problem('temporal_no_worker', 'no worker of this home is there to build the release', {
      hint: 'start one: tracemill worker; or build it in this process: --local',
    });
  }
  return await client.workflow.start<Workflows['release']>('release', {
    workflowId: releaseWorkflowId(input.campaign, input.version),
    taskQueue: queue,
    args: [input],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    typedSearchAttributes: campaignAttributes(input.campaign),
  });
}

/** Throws `Problem` release_not_found when no build of this release is under way. */
export async function cancelRelease(client: Client, { campaign, version }: ReleaseInput): Promise<void> {
  const workflowId = releaseWorkflowId(campaign, version);
  if ((await workflowStatus(client, workflowId)) !== 'RUNNING') {
    throw new Problem('release_not_found', `no build of release ${version} of ${campaign} is under way`, {
      hint: `see: tracemill campaign status ${campaign}`,
    });
  }
  await client.workflow.getHandle(workflowId).cancel();
}

/** How far a build is, from the heartbeats that the server holds. */
export async function releaseStatus(handle: Pick<WorkflowHandle, 'describe'>): Promise<ReleaseStatus> {
  const { status, raw } = await handle.describe();
  const building = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'buildRelease');
  return {
    workflow: status.name.toLowerCase(),
    attempt: building?.attempt ?? 0,
    progress: heartbeatOf(building, ReleaseProgress) ?? null,
    problem: building?.lastFailure?.message ?? null,
  };
}

/** The result of a build. Throws the `Problem` that ended it. */
export async function releaseResult(handle: Pick<WorkflowHandle<Workflows['release']>, 'result'>): Promise<ReleaseResult> {
  try {
    return await handle.result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
    if (cause instanceof CancelledFailure) throw new Problem('release_cancelled', 'the build was cancelled', { cause: error });
    const [code, hint] =
      cause instanceof ApplicationFailure ? [cause.type ?? 'release_failed', cause.details?.[0]] : ['release_failed', undefined];
    throw new Problem(code, cause?.message ?? error.message, { cause: error, ...(typeof hint === 'string' && { hint }) });
  }
}
