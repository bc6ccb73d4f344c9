import { Command } from '@commander-js/extra-typings';
import { printResult } from './output.ts';
import { withRecords } from './records.ts';

/** `tracemill evaluation accept`: the baseline of later checks. */
export function acceptCommand() {
  return new Command('accept')
    .description('Makes an evaluation the baseline that later ones of its series are checked against.')
    .argument('<name>', 'name of the evaluation')
    .option('--series <name>', 'the series; by default the name without its date')
    .option('--anyway', 'also when its last check was invalid or a regression')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill evaluation accept nightly-20260131\n  $ tracemill evaluation accept coder-v2 --series nightly --anyway',
    )
    .action(async (name, { series, anyway = false }, command) => {
      const { acceptEvaluation } = await import('../activities/evaluation/index.ts');
      const acceptance = await withRecords((stores) => acceptEvaluation({ name, series, anyway }, stores));
      printResult(command, acceptance, `${acceptance.evaluation} is the baseline of the series ${acceptance.series}`);
    });
}
