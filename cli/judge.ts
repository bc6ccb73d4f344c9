import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { FilterPresetName } from '../schemas/filter-preset.ts';
import { IngestedFormat } from '../schemas/ingested.ts';
import { CampaignName, Language } from '../schemas/names.ts';
import { ScanPreset, usualScanPreset } from '../schemas/scan-preset.ts';
import { exitCodes } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { printResult } from './output.ts';
import { judgeChoiceOf, withJudgeOptions } from './second-judge.ts';

/** `tracemill judge INPUT…`: filters and ledger for other tools' trajectories. */
export function judgeCommand() {
  const command = new Command('judge')
    .description(
      "Scans other tools' trajectories, decides on them by the filters of a preset, and puts every decision on the ledger, as for rollouts of this home.",
    )
    .argument(
      '<input...>',
      'files, also packed by gzip or zstd, folders, http(s) addresses, or - for standard input, in any format of ingest',
    )
    .addOption(
      new Option('--preset <name>', 'filters and parameters').choices(FilterPresetName.options).default('open-swe-traces' as const),
    )
    .option('--campaign <name>', 'name of the campaign that they come on record as; by default made of the inputs', campaignName)
    .option('--out <file>', 'JSONL file for the kept rows, in the format of ingest')
    .option('--tasks <input...>', 'the tasks that they worked on, as in a campaign file: licence, language and patches come from there')
    .option('--licence <spdx>', "licence of repositories where the row and --licences don't say")
    .option('--licences <file>', "YAML or JSON file with a licence for each repository, where the row doesn't say")
    .option('--repo <owner/name>', 'the project that they work on, where rows do not say')
    .addOption(new Option('--language <name>', 'its language, where rows do not say').choices(Language.options))
    .addOption(
      new Option('--scan-preset <name>', 'rules of the scanner: of the paper, or of its follow-up')
        .choices(ScanPreset.options)
        .default(usualScanPreset),
    );
  return withJudgeOptions(command)
    .addOption(new Option('--from <format>', 'read every record as this format instead of detecting it').choices(IngestedFormat.options))
    .addHelpText(
      'after',
      `
Examples:
  $ tracemill judge runs/ --preset strict
  $ tracemill judge train-00000-of-00084.parquet --campaign theirs --out kept.jsonl
  $ tracemill judge runs/ --campaign theirs --tasks tasks.jsonl --json
  $ tracemill judge runs/ --licences licences.yaml --language python
  $ tracemill judge runs/ --judge campaign.yaml#reviewer --judge-budget 200000

A rule that needs what nobody says of a row (its patch, how it ended) does not judge it, and says so. Then:
  tracemill why ID, tracemill ledger NAME, tracemill rejudge NAME, tracemill release build NAME.
Ctrl-C stops after the row in work; the same command goes on from there. The same inputs give the same ledger.

Exit code 1 when no row could be read, 2 for a wrong command line or file.`,
    )
    .action(async (inputs, options, command) => {
      const { judgeInputs, judgedText } = await import('./judge-inputs.ts');
      const judged = await judgeInputs(inputs, { ...options, ...judgeChoiceOf(command) }, interruption());
      printResult(command, judged, () => judgedText(judged));
      if (judged.rows === 0) process.exitCode = exitCodes.failed;
    });
}

function campaignName(text: string): string {
  const name = CampaignName.safeParse(text);
  if (!name.success) throw new InvalidArgumentError(name.error.issues.map(({ message }) => message).join('; '));
  return name.data;
}
