import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { CampaignName } from '../schemas/names.ts';
import type { ReleaseManifest } from '../schemas/release.ts';
import { printResult } from './output.ts';

/** `tracemill release merge`: one release of several. */
export function mergeCommand() {
  return new Command('merge')
    .description('Makes one release of several: their rows together, each once, with the ledgers of all.')
    .argument('<release...>', 'folders of releases')
    .requiredOption('--out <folder>', 'where the new release goes; what lies there is replaced')
    .option('--name <name>', 'name of the release', nameOf, 'merged')
    .option('--release-version <name>', 'version of the release', 'v1')
    .addHelpText('after', '\nExamples:\n  $ tracemill release merge releases/demo/v1 releases/theirs/v1 --out ./both')
    .action(async (folders, { out, name, releaseVersion: version }, command) => {
      const { deriveRelease, localReleaseFolder, openRelease } = await import('../activities/dataset/index.ts');
      const releases = await Promise.all(folders.map((folder) => openRelease(localReleaseFolder(folder))));
      const manifest = await deriveRelease(releases, { name, version, out: localReleaseFolder(out) });
      printResult(command, { out, ...manifest }, madeText(out, manifest));
    });
}

/** `tracemill release sample`: a part of a release. */
export function sampleCommand() {
  return new Command('sample')
    .description('Makes a release of some rows of another one: of each harness, mode and language its share, chosen by a seed.')
    .argument('<release>', 'folder of a release')
    .requiredOption('--rows <n>', 'how many rows', rowsOf)
    .requiredOption('--out <folder>', 'where the sample goes; what lies there is replaced')
    .option('--seed <text>', 'the same seed gives the same rows', '0')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill release sample releases/demo/v1 --rows 100 --out ./sample\n  $ tracemill release sample demo-v1 --rows 20 --seed 7 --out ./few',
    )
    .action(async (folder, { rows, out, seed }, command) => {
      const { deriveRelease, localReleaseFolder, openRelease, sampleRows } = await import('../activities/dataset/index.ts');
      const release = await openRelease(localReleaseFolder(folder));
      const ids = sampleRows(await release.ledger(), { rows, seed });
      const { campaign: name, version } = release.manifest;
      const manifest = await deriveRelease([release], { name, version, ids, sample: { rows, seed }, out: localReleaseFolder(out) });
      printResult(command, { out, ...manifest }, madeText(out, manifest));
    });
}

function madeText(out: string, { rows, shards, ledger }: ReleaseManifest): string {
  return `${rows} rows in ${shards.length} shards, ${ledger.entries} ledger entries\n${out}`;
}

function nameOf(text: string): string {
  const read = CampaignName.safeParse(text);
  if (read.success) return read.data;
  throw new InvalidArgumentError(read.error.issues.map(({ message }) => message).join('; '));
}

function rowsOf(text: string): number {
  const rows = Number(text);
  if (!Number.isSafeInteger(rows) || rows < 1) throw new InvalidArgumentError('a whole number from 1 on');
  return rows;
}
