import { Command } from '@commander-js/extra-typings';
import type { Calibration } from '../activities/evaluation/index.ts';
import { printResult } from './output.ts';
import { withRecords } from './records.ts';
import { table } from './table.ts';

/** `tracemill evaluation calibrate`: the noise of an evaluation. */
export function calibrateCommand() {
  return new Command('calibrate')
    .description('Tells from reruns of one unchanged evaluation how much it varies, and which drop the check can find.')
    .argument('<names...>', 'two or more evaluations of the same model and instances')
    .addHelpText('after', '\nExamples:\n  $ tracemill evaluation calibrate nightly-20260104 nightly-20260111 nightly-20260118')
    .action(async (names, _options, command) => {
      const { calibrate, storedEvaluation } = await import('../activities/evaluation/index.ts');
      const stored = await withRecords((stores) => Promise.all(names.map((name) => storedEvaluation(name, stores))));
      const calibration = calibrate(stored.map(({ record }) => record));
      printResult(command, calibration, () => calibrationText(calibration));
    });
}

function calibrationText({ evaluations, comparisons, verdicts, cells }: Calibration): string {
  const points = (share: number | null) => (share === null ? null : (share * 100).toFixed(1));
  const counts = Object.entries(verdicts).map(([verdict, number]) => `${number} ${verdict}`);
  return [
    table(cells, [
      { title: 'cell', value: ({ harness, mode }) => `${harness}/${mode}` },
      { title: 'rates, percent', value: ({ rates }) => rates.map((rate) => (rate * 100).toFixed(1)).join(' ') },
      { title: 'deviation', value: ({ sd }) => points(sd), align: 'right' },
      { title: 'discordance, percent', value: ({ discordance }) => points(discordance), align: 'right' },
      { title: 'drop found from', value: ({ detectable }) => points(detectable), align: 'right' },
    ]),
    '',
    `${evaluations.length} reruns, ${comparisons} comparisons: ${counts.join(', ')}. Nothing changed between them: all but "fine" are false.`,
  ].join('\n');
}
