import { log } from '@temporalio/activity';
import { heartbeating } from '../../platform/heartbeating.ts';
import type { SandboxActivities } from '../../workflows/contract/activities.ts';
import type { PlanReader } from '../planning/index.ts';
import type { HomeEngine } from './home-engine.ts';
import type { ImageCache } from './image-cache.ts';
import { imageRemarks } from './image-remarks.ts';
import { prepareImage } from './prepare-image.ts';
import { removeRollouts } from './reaper.ts';

export interface SandboxNeeds {
  engine: HomeEngine;
  /** What was brought to the engine, and may go again. */
  images: ImageCache;
  plans: PlanReader;
}

export function createSandboxActivities({ engine, images, plans }: SandboxNeeds): SandboxActivities {
  return {
    async prepare({ campaign, task: ref }) {
      return heartbeating(async ({ signal }) => {
        const task = await plans.task(ref);
        const claims = images.claimsOf({ campaign, instance_id: task.instance_id });
        const image = await prepareImage({ engine, task, claims, signal });
        for (const { message, hint } of imageRemarks(image)) log.warn(`${task.instance_id}: ${message}`, { hint });
        return image;
      });
    },

    async cleanUp({ campaign, instance_id }) {
      await heartbeating(() => removeRollouts(engine, { campaign, instance_id }));
    },
  };
}
