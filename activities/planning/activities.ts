import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { PlannedTask } from '../../schemas/campaign-plan.ts';
import type { CampaignProgress } from '../../schemas/campaign-progress.ts';
import type { PullRequestDetail, PullRequestOutcome } from '../../schemas/pull-request.ts';
import type { ActivityContext } from '../../workers/context.ts';
import { endedPullRequests } from './ended-pull-requests.ts';
import { hostIsServed } from './host-served.ts';

/** Bookkeeping of campaigns: what comes next, what became of what. */
export function createCampaignActivities({ host, client, plans, index }: ActivityContext) {
  return {
    /** Entries `offset` to `offset + limit` of the plan. */
    async loadPage({ plan, offset, limit }: { plan: ArtifactRef; offset: number; limit: number }): Promise<PlannedTask[]> {
      return (await plans.plan(plan)).tasks.slice(offset, offset + limit);
    },

    /** The host of whichever worker answers: one that has room is one that takes work from the shared queue. */
    async acquireHost(): Promise<{ host: string }> {
      return { host };
    },

    /** Whether a worker still takes work for a host. */
    async isServed({ host: asked }: { host: string }): Promise<boolean> {
      return await hostIsServed(client, asked);
    },

    /** Outcomes of those pull requests that are not running any more, however they ended. */
    async reconcile(asked: { campaign: string; instance_ids: string[]; cells: number }): Promise<PullRequestOutcome[]> {
      return await endedPullRequests(client, asked);
    },

    async recordPullRequest({
      campaign,
      detail,
      outcome,
    }: {
      campaign: string;
      detail: PullRequestDetail;
      outcome: PullRequestOutcome;
    }): Promise<void> {
      const known = index.task(campaign, detail.instance_id);
      if (known === null) return;
      const { status, detail: text, problem } = outcome;
      index.recordTask({ ...known, state: status, problem: text === '' ? null : text, reported: problem });
    },

    async recordCampaignEnd({ progress }: { campaign: string; progress: CampaignProgress }): Promise<void> {
      index.recordCampaignEnd(progress);
    },
  };
}
