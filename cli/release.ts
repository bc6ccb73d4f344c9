import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { paths } from '../platform/home.ts';
import { note, printResult, wantsJson } from './output.ts';
import { requireCampaign, withRecords } from './records.ts';

/** `tracemill release`: dataset versions made from the ledger. */
export function releaseCommand() {
  return new Command('release').description('Builds dataset releases from the ledger.').addCommand(buildCommand());
}

function buildCommand() {
  return new Command('build')
    .description('Writes Parquet shards, manifest, ledger and card of a campaign, and reads every shard back before they appear.')
    .argument('<campaign>', 'name of the campaign')
    .option('--out <folder>', 'where the release goes; what lies there is replaced')
    .option('--release-version <name>', 'version of the release', 'v1')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill release build demo\n  $ tracemill release build demo --release-version v2 --out ./demo-v2',
    )
    .action((campaign, options, command) =>
      withRecords(async ({ ledger, store }) => {
        await requireCampaign(ledger, campaign);
        const { buildRelease } = await import('../activities/dataset/build-release.ts');
        const { localReleaseFolder } = await import('../activities/dataset/local-release-folder.ts');
        const version = options.releaseVersion;
        const out = localReleaseFolder(options.out ?? join(paths.releases(), campaign, version));
        const onProgress = ({ checked }: { checked: number }) => {
          if (checked % 1000 === 0 && checked > 0 && !wantsJson(command)) note(`${checked} rows written and checked`);
        };
        const manifest = await buildRelease({ campaign, version, out, ledger, store, onProgress });
        printResult(
          command,
          { out: out.location, ...manifest },
          `${manifest.rows} rows in ${manifest.shards.length} shards, ${manifest.ledger.entries} ledger entries\n${out.location}\ncontent ${manifest.content_sha256}`,
        );
      }),
    );
}
