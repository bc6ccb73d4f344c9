import type { Client } from '@temporalio/client';
import { heartbeating } from '../../platform/heartbeating.ts';
import { Campaign } from '../../schemas/campaign.ts';
import type { PlanningHeartbeat } from '../../schemas/campaign-start.ts';
import type { TeacherCheck, TeacherCheckWish } from '../../schemas/teacher-check.ts';
import { type ArtifactStore, putJson } from '../artifacts/store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PlanningActivities } from '../../workflows/contract/activities.ts';
import { campaignIsRunning } from './campaign-running.ts';
import { endedPullRequests } from './ended-pull-requests.ts';
import { hostIsServed } from './host-served.ts';
import { planCampaign, recordPlan } from './plan-campaign.ts';
import type { PlanReader } from './plan-reader.ts';
import type { PlanningNeeds } from './planning-needs.ts';
import { isComplete, runOf } from './run-of-plan.ts';

/** Exported here too, because the stage's face loads the reading of campaign files, which a worker at rest does not need. */
export { PlanReader } from './plan-reader.ts';

interface Watch {
  signal: AbortSignal;
  tell: (doing: string) => void;
}

export interface PlanningParts {
  /** Names this worker's host queues; stable over restarts. */
  host: string;
  /** The store's shared queue. */
  queue: string;
  client: Client;
  plans: PlanReader;
  store: ArtifactStore;
  ledger: Ledger;
  /** What it asks of later stages. */
  needs: () => Promise<PlanningNeeds>;
  /** Asks the teachers of a campaign. Throws the `Problem` that keeps it from being started. */
  checkTeachers: (campaign: Campaign, wish: TeacherCheckWish, watch: Watch) => Promise<TeacherCheck[]>;
}

export function createPlanningActivities({
  host,
  queue,
  client,
  plans,
  store,
  ledger,
  needs,
  checkTeachers,
}: PlanningParts): PlanningActivities {
  return {
    async plan({ file, teacher_check }) {
      return heartbeating(async ({ signal, beat }) => {
        const campaign = Campaign.parse(file);
        const plan = await planCampaign(campaign, store, await needs(), (tasks) => {
          signal.throwIfAborted();
          beat({ tasks } satisfies PlanningHeartbeat);
        });
        const end = await ledger.campaignEnd(file.name);
        const finished = end !== null && end.plan.sha256 === (await putJson(store, plan)).sha256 && isComplete(end.progress);
        const wish = teacher_check ?? campaign.teacher_check ?? 'unless_down';
        const asked = !finished && wish !== 'never';
        const tell = (doing: string) => beat({ tasks: plan.tasks.length, doing } satisfies PlanningHeartbeat);
        // Before anything is on record: a campaign that is refused here has never been.
        const teacher_checks = asked ? await checkTeachers(campaign, wish, { signal, tell }) : undefined;
        const ref = await recordPlan(plan, store, ledger);
        const run = { ...runOf(plan, ref), ...(teacher_checks !== undefined && { teacher_checks }) };
        return { run, finished: finished ? end.progress : null };
      });
    },

    async loadPage({ plan, offset, limit }) {
      return (await plans.plan(plan)).tasks.slice(offset, offset + limit);
    },

    async acquireHost() {
      return { host };
    },

    async isServed({ host: other }) {
      return await hostIsServed(client, queue, other);
    },

    async isCampaignRunning({ campaign }) {
      return await campaignIsRunning(client, campaign);
    },

    async reconcile(silent) {
      return await endedPullRequests(client, silent);
    },
  };
}
