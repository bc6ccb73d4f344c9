import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { heartbeating } from '../../platform/heartbeating.ts';
import type { TrainingFilesActivities } from '../../workflows/contract/training-activities.ts';
import { writeTrainingFiles } from './files/write-training-files.ts';
import { filesFolder } from './plan-training.ts';

export function createTrainingFilesActivities(): TrainingFilesActivities {
  return {
    async writeTrainingFiles({ start, plan }) {
      return heartbeating(async ({ signal, beat }) => {
        await mkdir(plan.folder, { recursive: true });
        const { manifest } = await writeTrainingFiles({
          release: plan.release.folder,
          base: plan.base,
          rows: start.file.variants[plan.variant]?.rows ?? {},
          profile: plan.profile,
          max_tokens: start.file.max_tokens,
          out: join(plan.folder, filesFolder),
          signal,
          onProgress: beat,
        });
        const { rows, tokens, trained_tokens, dropped, sha256 } = manifest;
        return { rows, tokens, trained_tokens, dropped, sha256 };
      });
    },
  };
}
