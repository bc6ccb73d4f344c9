import { Command, Option } from '@commander-js/extra-typings';
import { localReleaseFolder } from '../activities/dataset/index.ts';
import { PrivateKind } from '../schemas/private-text.ts';
import { Problem } from '../schemas/problem.ts';
import { interruption } from './interrupt.ts';
import { note, printResult, wantsJson } from './output.ts';
import { builtText, refusedLines } from './release-facts.ts';
import { DerivedProgress } from './release-progress.ts';
import { licences, privateKinds } from './release-query.ts';
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
    .option('--licences <names>', 'licences that rows may have, as in release build; by default those of the release', licences)
    .option('--redact <kinds>', `with --out: replace what should not be published: all, or ${PrivateKind.options.join(', ')}`, privateKinds)
    .option('--out <folder>', 'write a release there instead of JSON lines; what lies there is replaced')
    .addHelpText(
      'after',
      `
Rows go to standard output, one JSON object a line. A cell is harness, mode and language.

Examples:
  $ tracemill release sample releases/demo/v1 --rows 100 > rows.jsonl
  $ tracemill release sample demo-v1 --rows 20 --seed 7 --by repo --out ./few
  $ tracemill release sample demo-v1 --rows 20 --out ./few --redact all`,
    )
    .action(async (folder, { rows, seed, by, licences: allowed, redact, out }, command) => {
      const { deriveRelease, openRelease, sampledRows } = await import('../activities/dataset/index.ts');
      const source = localReleaseFolder(folder);
      const sample = { rows, seed, by };
      const signal = interruption();
      const tellFew = (there: number) => there < rows && note(`the release has ${there} such rows, fewer than ${rows}`);
      if (out === undefined) {
        if (redact !== undefined && redact.length > 0)
          throw new Problem('bad_arguments', '--redact needs --out: replacements are counted in the manifest of a release', {
            hint: 'add --out FOLDER',
          });
        const chosen = await sampledRows(source, sample, allowed, signal);
        tellFew(chosen.chosen);
        for (const line of refusedLines(chosen.refused)) note(line);
        const found = Object.entries(chosen.found).map(([rule, count]) => `${rule} in ${count} rows`);
        if (found.length > 0) note(`printed as they are: ${found.join(', ')}; --out with --redact replaces them`);
        if (chosen.unlicensed > 0) note(`${chosen.unlicensed} rows have no known licence`);
        for await (const row of chosen.rows) {
          signal.throwIfAborted();
          process.stdout.write(`${JSON.stringify(row)}\n`);
        }
        return;
      }
      const { campaign: name, version } = (await openRelease(source)).manifest;
      const progress = new DerivedProgress(wantsJson(command));
      const asked = { name, version, sample, licences: allowed, redact, out: localReleaseFolder(out), signal, onProgress: progress.show };
      const { manifest } = await deriveRelease([source], asked).finally(() => progress.end());
      tellFew(manifest.rows);
      printResult(command, { out, ...manifest }, builtText(out, manifest));
    });
}
