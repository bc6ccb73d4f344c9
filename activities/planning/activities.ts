import type { Client } from '@temporalio/client';
import type { PlanningActivities } from '../../workflows/contract/activities.ts';
import { campaignIsRunning } from './campaign-running.ts';
import { endedPullRequests } from './ended-pull-requests.ts';
import { hostIsServed } from './host-served.ts';
import type { PlanReader } from './plan-reader.ts';

export interface PlanningNeeds {
  /** Names this worker's host queues; stable over restarts. */
  host: string;
  /** The store's shared queue. */
  queue: string;
  client: Client;
  plans: PlanReader;
}

export function createPlanningActivities({ host, queue, client, plans }: PlanningNeeds): PlanningActivities {
  return {
    async loadPage({ plan, offset, limit }) {
      return (await plans.plan(plan)).tasks.slice(offset, offset + limit);
    },

    async acquireHost() {
      return { host };
    },

    async isServed({ host: asked }) {
      return await hostIsServed(client, queue, asked);
    },

    async isCampaignRunning({ campaign }) {
      return await campaignIsRunning(client, campaign);
    },

    async reconcile(asked) {
      return await endedPullRequests(client, asked);
    },
  };
}
