import { workflowInfo } from '@temporalio/workflow';
import type { ReleaseInput } from '../schemas/activity-inputs.ts';
import type { ReleaseResult } from '../schemas/release-result.ts';
import { releaseActivities, shortActivities } from './activity-proxies.ts';
import { releaseQueue } from './contract/ids.ts';

/** Builds a release in a process of its own, on any host that answers. */
export async function release(input: ReleaseInput): Promise<ReleaseResult> {
  await shortActivities.startReleaseWorker();
  return await releaseActivities(releaseQueue(workflowInfo().taskQueue)).buildRelease(input);
}
