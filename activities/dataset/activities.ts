import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DatasetActivities } from '../../workflows/contract/activities.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { heartbeating } from '../../platform/heartbeating.ts';
import { buildRelease } from './build-release.ts';
import { localReleaseFolder } from './local-release-folder.ts';

export interface DatasetNeeds {
  store: ArtifactStore;
  ledger: Ledger;
  /** Folder that releases are built in. */
  releases: string;
}

export function createDatasetActivities({ store, ledger, releases }: DatasetNeeds): DatasetActivities {
  return {
    async buildRelease({ campaign, version, query, form, redact }) {
      return heartbeating(async ({ signal, beat }) => {
        const out = localReleaseFolder(join(releases, campaign, version));
        const manifest = await buildRelease({ campaign, version, query, form, redact, out, ledger, store, signal, onProgress: beat });
        const manifest_sha256 = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
        return { version, rows: manifest.rows, manifest_sha256, folder: out.location };
      });
    },
  };
}
