import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { PreparedImage } from '../../schemas/prepared-image.ts';
import type { ActivityContext } from '../../workers/context.ts';
import { heartbeating } from '../../platform/heartbeating.ts';
import { prepareImage } from './prepare-image.ts';
import { removeRollouts } from './reaper.ts';

/** The task's clean image, and tidying up after its containers. */
export function createSandboxActivities({ docker, images, plans }: ActivityContext) {
  return {
    async prepare({ campaign, task: ref }: { campaign: string; task: ArtifactRef }): Promise<PreparedImage> {
      return heartbeating(async ({ signal }) => {
        const task = await plans.task(ref);
        const claims = images.claimsOf({ campaign, instance_id: task.instance_id });
        return prepareImage({ docker, task, claims, signal });
      });
    },

    /** Removes what containers a cancelled or failed pull request left behind. */
    async cleanUp({ campaign, instance_id }: { campaign: string; instance_id: string }): Promise<void> {
      await heartbeating(() => removeRollouts(docker, { campaign, instance_id }));
    },
  };
}
