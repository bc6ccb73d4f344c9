import { Command, Option } from '@commander-js/extra-typings';
import { localReleaseFolder } from '../activities/dataset/index.ts';
import { interruption } from './interrupt.ts';
import { note, printResult } from './output.ts';
import { wholeNumber } from './whole-number.ts';

/** `tracemill release sample RELEASE --rows N`: some rows of a release, as JSON lines or as a release. */
export function sampleCommand() {
  return new Command('sample')
    .description('Takes some rows of a release, of each stratum its share, chosen by a seed alone.')
    .argument('<release>', 'folder of the release')
    .requiredOption('--rows <n>', 'how many rows', wholeNumber)
    .option('--seed <text>', 'the same seed gives the same rows', '0')
    .addOption(
      new Option('--by <stratum>', 'of what each has its share').choices(['cell', 'language', 'repo'] as const).default('cell' as const),
    )
    .option('--out <folder>', 'write a release there instead of JSON lines; what lies there is replaced')
    .addHelpText(
      'after',
      `
Rows go to standard output, one JSON object a line. A cell is harness, mode and language.

Examples:
  $ tracemill release sample releases/demo/v1 --rows 100 > rows.jsonl
  $ tracemill release sample demo-v1 --rows 20 --seed 7 --by repo --out ./few`,
    )
    .action(async (folder, { rows, seed, by, out }, command) => {
      const { deriveRelease, openRelease, sampleRows } = await import('../activities/dataset/index.ts');
      const source = localReleaseFolder(folder);
      const release = await openRelease(source);
      const sample = { rows, seed, by };
      const ids = sampleRows(await release.ledger(), sample);
      if (ids.size < rows) note(`the release has ${ids.size} rows, fewer than ${rows}`);
      const signal = interruption();
      if (out === undefined) {
        for await (const row of release.rows()) {
          signal.throwIfAborted();
          if (ids.has(row.trajectory_id)) process.stdout.write(`${JSON.stringify(row)}\n`);
        }
        return;
      }
      const { campaign: name, version } = release.manifest;
      const { manifest } = await deriveRelease([source], { name, version, ids, sample, out: localReleaseFolder(out), signal });
      printResult(command, { out, ...manifest }, `${manifest.rows} rows in ${manifest.shards.length} shards\n${out}`);
    });
}
