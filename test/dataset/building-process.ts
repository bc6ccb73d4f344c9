import { join } from 'node:path';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { openWorkplace } from './campaign.ts';

/** Builds the release of a workplace and prints a line at each step: `node building-process.ts WORKPLACE`. */
const [, , folder = ''] = process.argv;
const { ledger, store } = openWorkplace(folder);
await buildRelease({
  campaign: 'demo',
  version: 'v1',
  out: localReleaseFolder(join(folder, 'releases', 'v1')),
  ledger,
  store,
  rowsPerShard: 4,
  onProgress: (progress) => process.stdout.write(`${JSON.stringify(progress)}\n`),
});
await ledger.close();
