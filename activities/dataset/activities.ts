import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DatasetActivities } from '../../workflows/contract/activities.ts';
import type { ReleaseManifest } from '../../schemas/release.ts';
import type { ReleaseResult } from '../../schemas/release-result.ts';
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

/** What a campaign says of its release in one line. */
function countsOf({ rows, refused_licences, redaction }: ReleaseManifest): Omit<ReleaseResult, 'version' | 'manifest_sha256' | 'folder'> {
  const sum = (counts: number[]) => counts.reduce((total, each) => total + each, 0);
  return {
    rows,
    refused_licence_rows: sum(refused_licences.map((each) => each.rows)),
    ...(redaction && { redacted: { rows: redaction.rows, places: sum(Object.values(redaction.places)) } }),
  };
}

export function createDatasetActivities({ store, ledger, releases }: DatasetNeeds): DatasetActivities {
  return {
    async buildRelease({ campaign, version, query, form, redact }) {
      return heartbeating(async ({ signal, beat }) => {
        const out = localReleaseFolder(join(releases, campaign, version));
        const manifest = await buildRelease({ campaign, version, query, form, redact, out, ledger, store, signal, onProgress: beat });
        const manifest_sha256 = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
        return { version, manifest_sha256, folder: out.location, ...countsOf(manifest) };
      });
    },
  };
}
