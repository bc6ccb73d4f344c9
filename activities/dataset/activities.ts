import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { paths } from '../../platform/home.ts';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { ReleaseResult } from '../../schemas/release-result.ts';
import type { ActivityContext } from '../../workers/context.ts';
import { heartbeating } from '../../platform/heartbeating.ts';
import { buildRelease } from './build-release.ts';

/** The release at the end of a campaign. */
export function createReleaseActivities({ store, index }: ActivityContext) {
  return {
    async buildRelease({ campaign, version }: { campaign: string; plan: ArtifactRef; version: string }): Promise<ReleaseResult> {
      return heartbeating(async ({ signal, beat }) => {
        const folder = join(paths.releases(), campaign, version);
        const manifest = await buildRelease({ campaign, version, out: folder, index, store, signal, onProgress: beat });
        const manifest_sha256 = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
        return { version, rows: manifest.rows, manifest_sha256, folder };
      });
    },
  };
}
