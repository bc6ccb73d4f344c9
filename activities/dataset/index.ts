/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { buildRelease } from './build-release.ts';
export { deriveRelease } from './derive/derive-release.ts';
export { diffReleases } from './diff/diff-releases.ts';
export { licenceRefusal } from './selection/licence-gate.ts';
export { localReleaseFolder } from './local-release-folder.ts';
export { openRelease } from './open-release.ts';
export type { ReleaseFolder } from './release-folder.ts';
export { pushRelease } from './push/push-release.ts';
export { verifyRelease } from './verify/verify-release.ts';
export { sampledRows } from './derive/sampled-rows.ts';
