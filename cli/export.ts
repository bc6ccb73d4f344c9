import { Command, Option } from '@commander-js/extra-typings';
import { interruption } from './interrupt.ts';
import { note, printResult, wantsJson } from './output.ts';

/** `tracemill export RELEASE`: a release in the format of another tool. */
export function exportCommand() {
  return new Command('export')
    .description('Writes the rows of a release in another format, with the same columns and values.')
    .argument('<release>', 'folder of the release')
    .addOption(new Option('--to <format>', 'arrow: Arrow IPC stream, uncompressed').choices(['arrow'] as const).makeOptionMandatory())
    .requiredOption('--out <file>', 'the file; each of several splits gets its own, named <file>.<split>')
    .option('--split <harness>', 'this split only')
    .addHelpText(
      'after',
      `
In Python: datasets.Dataset.from_file("rows.SPLIT.arrow"), or pyarrow.ipc.open_stream(...).

Examples:
  $ tracemill export .tracemill/releases/demo/v1 --to arrow --out rows.arrow
  $ tracemill export demo-v2 --to arrow --split NAME --out rows.arrow --json`,
    )
    .action(async (folder, { out, split }, command) => {
      const { exportArrow, localReleaseFolder, openRelease } = await import('../activities/dataset/index.ts');
      const release = await openRelease(localReleaseFolder(folder));
      let rows = 0;
      const onRow = () => {
        rows += 1;
        if (rows % 10_000 === 0 && !wantsJson(command)) note(`${rows} of ${release.manifest.rows} rows`);
      };
      const files = await exportArrow(release, { out, signal: interruption(), onRow, ...(split !== undefined && { split }) });
      printResult(command, { release: folder, files }, () =>
        files.map((file) => `${file.path}: ${file.rows} rows, ${(file.size_bytes / 1e6).toFixed(1)} MB`).join('\n'),
      );
    });
}
