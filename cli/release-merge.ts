import { Command } from '@commander-js/extra-typings';
import { localReleaseFolder } from '../activities/dataset/index.ts';
import { CampaignName } from '../schemas/names.ts';
import { interruption } from './interrupt.ts';
import { printResult } from './output.ts';

/** `tracemill release merge A B … --out DIR`: one release of several. */
export function mergeCommand() {
  return new Command('merge')
    .description('Makes one release of several with the same columns: their rows, each once, with the ledgers of all.')
    .argument('<release...>', 'folders of releases')
    .requiredOption('--out <folder>', 'where the new release goes; what lies there is replaced')
    .option('--name <name>', 'name of the release', (text) => CampaignName.parse(text), 'merged')
    .option('--release-version <name>', 'version of the release', 'v1')
    .addHelpText(
      'after',
      `
The same releases give the same files, in whatever order and however often they are named: rows lie by harness, teacher and
dataset, sorted by id. Of rows with the same content under several ids, the one with the smallest id stays.

Examples:
  $ tracemill release merge releases/demo/v1 releases/theirs/v1 --out ./both
  $ tracemill release merge demo-v1 demo-go-v1 theirs --out ./all --name all --json`,
    )
    .action(async (folders, { out, name, releaseVersion: version }, command) => {
      const { deriveRelease } = await import('../activities/dataset/index.ts');
      const made = await deriveRelease(
        folders.map((folder) => localReleaseFolder(folder)),
        { name, version, out: localReleaseFolder(out), signal: interruption() },
      );
      const { manifest, same_id, same_content } = made;
      const twins = Object.entries(same_content);
      printResult(command, { out, ...made }, () =>
        [
          `${manifest.rows} rows in ${manifest.shards.length} shards, ${manifest.ledger.entries} ledger entries`,
          `${same_id} rows that several releases have are there once; ${twins.length} left out for another with the same content`,
          ...twins.slice(0, 10).map(([id, twin]) => `  ${id}: as ${twin}`),
          ...(twins.length > 10 ? [`  and ${twins.length - 10} more (--json lists all)`] : []),
          out,
        ].join('\n'),
      );
    });
}
