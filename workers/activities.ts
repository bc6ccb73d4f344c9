import { createCampaignActivities } from '../activities/planning/activities.ts';
import type { ActivityContext } from './context.ts';
import { createReleaseActivities } from '../activities/dataset/activities.ts';
import { createJudgementActivities } from '../activities/filtering/activities.ts';
import { createRolloutActivities } from '../activities/rollout/activities.ts';
import { createSandboxActivities } from '../activities/sandbox/activities.ts';
import type { HostWork } from '../workflows/contract/ids.ts';
import { createVerificationActivities, createVerificationRecords } from '../activities/verification/activities.ts';

/** Activities that any worker may do, from the shared queue. */
function createShortActivities(context: ActivityContext) {
  return { ...createCampaignActivities(context), ...createJudgementActivities(context), ...createVerificationRecords(context) };
}

/** Activities bound to the containers and journals of one host, by the queue that its worker takes them from. */
function createHostActivities(context: ActivityContext) {
  return {
    rollouts: createRolloutActivities(context),
    preparation: createSandboxActivities(context),
    tests: createVerificationActivities(context),
  } satisfies Record<HostWork, object>;
}

export type ShortActivities = ReturnType<typeof createShortActivities>;
export type LongActivities = ReturnType<typeof createReleaseActivities>;
export type HostActivities = ReturnType<typeof createHostActivities>;

/** All activities, by the queue that a worker takes them from. */
export function createActivities(context: ActivityContext): { short: ShortActivities & LongActivities; host: HostActivities } {
  return { short: { ...createShortActivities(context), ...createReleaseActivities(context) }, host: createHostActivities(context) };
}
