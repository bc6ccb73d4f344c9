import { getExternalWorkflowHandle, log, ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { CampaignRun } from '../schemas/campaign-run.ts';
import { shortActivities } from './activity-proxies.ts';
import { pullRequestWorkflowId } from './contract/ids.ts';
import { setPausedSignal, startRolloutsSignal } from './contract/messages.ts';
import { pullRequestAttributes } from './contract/search-keys.ts';
import { pullRequest } from './pull-request.ts';
import type { PullRequests } from './pull-request-window.ts';

/** The pull requests of a campaign as workflows of their own: they outlive each run of it, and are known by their ids. */
export function childPullRequests({ campaign, purpose, plan, cells, timeouts }: CampaignRun): PullRequests {
  const handleOf = (instanceId: string) => getExternalWorkflowHandle(pullRequestWorkflowId(campaign, instanceId));
  return {
    async start(entry, { paused, prefetched }) {
      try {
        await startChild(pullRequest, {
          workflowId: pullRequestWorkflowId(campaign, entry.instance_id),
          args: [{ campaign, ...(purpose !== undefined && { purpose }), plan, entry, cells, timeouts, paused, prefetched }],
          parentClosePolicy: ParentClosePolicy.ABANDON,
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
          typedSearchAttributes: pullRequestAttributes(campaign, entry),
          staticSummary: `${entry.repo} · ${entry.language}`,
        });
        return 'started';
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        return 'running';
      }
    },

    async send(instanceId, change) {
      const handle = handleOf(instanceId);
      try {
        await (change.message === 'setPaused' ? handle.signal(setPausedSignal, change.paused) : handle.signal(startRolloutsSignal));
        return true;
      } catch (error) {
        log.info('a pull request could not be reached', { instanceId, message: change.message, error });
        return false;
      }
    },

    async cancel(instanceId) {
      await handleOf(instanceId)
        .cancel()
        .catch((error: unknown) => log.warn('a pull request could not be cancelled', { instanceId, error }));
    },

    ended: (instanceIds) => shortActivities.reconcile({ campaign, instance_ids: instanceIds, cells: cells.length }),
  };
}
