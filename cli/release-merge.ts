import { Command } from '@commander-js/extra-typings';
import { localReleaseFolder } from '../activities/dataset/index.ts';
import { CampaignName } from '../schemas/names.ts';
import { PrivateKind } from '../schemas/private-text.ts';
import { exitCodes } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { printResult, wantsJson } from './output.ts';
import { builtText } from './release-facts.ts';
import { DerivedProgress } from './release-progress.ts';
import { licences, privateKinds } from './release-query.ts';

/** `tracemill release merge A B … --out DIR`: one release of several. */
export function mergeCommand() {
  return new Command('merge')
    .description('Makes one release of several with the same columns: their rows, each once, with the ledgers of all.')
    .argument('<release...>', 'folders of releases')
    .requiredOption('--out <folder>', 'where the new release goes; what lies there is replaced')
    .option('--name <name>', 'name of the release', (text) => CampaignName.parse(text), 'merged')
    .option('--release-version <name>', 'version of the release', 'v1')
    .option('--licences <names>', 'licences that rows may have, as in release build; by default those of the releases', licences)
    .option('--redact <kinds>', `replace what should not be published: all, or ${PrivateKind.options.join(', ')}`, privateKinds)
    .addHelpText(
      'after',
      `
The same releases give the same files, in whatever order and however often they are named: rows lie by harness, teacher and
dataset, sorted by id. Of rows with the same content under several ids, the one with the smallest id stays. Where the releases
were built with different --licences, rows without an SPDX licence are left out and counted, unless --licences any lets them in;
exit code 1 where --licences was not given.

Examples:
  $ tracemill release merge releases/demo/v1 releases/theirs/v1 --out ./both
  $ tracemill release merge demo-v1 theirs --out ./both --redact secrets,emails --licences MIT,Apache-2.0
  $ tracemill release merge demo-v1 demo-go-v1 theirs --out ./all --name all --json`,
    )
    .action(async (folders, { out, name, releaseVersion: version, licences: allowed, redact }, command) => {
      const { deriveRelease } = await import('../activities/dataset/index.ts');
      const progress = new DerivedProgress(wantsJson(command));
      const made = await deriveRelease(
        folders.map((folder) => localReleaseFolder(folder)),
        {
          name,
          version,
          licences: allowed,
          redact,
          out: localReleaseFolder(out),
          signal: interruption(),
          onProgress: progress.show,
        },
      ).finally(() => progress.end());
      const { manifest, same_id, same_content, refused_rows } = made;
      const twins = Object.entries(same_content);
      printResult(command, { out, ...made }, () =>
        [
          builtText(out, manifest),
          `${same_id} rows that several releases have are there once; ${twins.length} left out for another with the same content`,
          ...(refused_rows > 0 ? [`${refused_rows} rows that the releases have are left out for their licence`] : []),
          ...twins.slice(0, 10).map(([id, twin]) => `  ${id}: as ${twin}`),
          ...(twins.length > 10 ? [`  and ${twins.length - 10} more (--json lists all)`] : []),
        ].join('\n'),
      );
      if (refused_rows > 0 && allowed === undefined) process.exitCode = exitCodes.failed;
    });
}
