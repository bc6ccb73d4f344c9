import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { CampaignStart, PlannedCampaign } from '../schemas/campaign-start.ts';
import { planningActivities } from './activity-proxies.ts';
import type { CampaignBounds, CampaignState } from './campaign-state.ts';
import type { PullRequests } from './pull-request-window.ts';

/** While a campaign is planned there are none. */
export const noPullRequests: PullRequests = {
  start: async () => 'started',
  send: async () => true,
  cancel: async () => undefined,
  ended: async () => [],
};

/** Before anything is planned there are no tasks; concurrency and a pause may be set all the same. */
export function beforePlan({ campaign, file }: CampaignStart): CampaignBounds {
  return { campaign, tasks: 0, skipped: 0, concurrency: file.concurrency, prefetch: file.prefetch, budget: file.budget };
}

/** Reads all inputs of a campaign into its plan and checks its teachers; null when it was aborted meanwhile. */
export async function planUnlessAborted({ file, teacher_check }: CampaignStart, state: CampaignState): Promise<PlannedCampaign | null> {
  const scope = new CancellationScope();
  const planning = scope.run(() => planningActivities.plan({ file, ...(teacher_check !== undefined && { teacher_check }) }));
  void condition(() => state.aborted !== null).then(
    () => scope.cancel(),
    () => undefined,
  );
  try {
    return await planning;
  } catch (error) {
    if (state.aborted !== null && isCancellation(error)) return null;
    throw error;
  }
}
