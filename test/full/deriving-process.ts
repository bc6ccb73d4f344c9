import { join } from 'node:path';
import { deriveRelease } from '../../activities/dataset/derive/derive-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';

/** Merges two releases of a workplace and prints a line at each step: `node deriving-process.ts WORKPLACE`. */
const [, , folder = ''] = process.argv;
await deriveRelease(
  ['many', 'other'].map((name) => localReleaseFolder(join(folder, 'sources', name))),
  {
    name: 'merged',
    version: 'v1',
    out: localReleaseFolder(join(folder, 'releases', 'v1')),
    onProgress: (progress) => process.stdout.write(`${JSON.stringify(progress)}\n`),
  },
);
