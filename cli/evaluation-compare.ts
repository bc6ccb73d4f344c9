import { Command } from '@commander-js/extra-typings';
import { Problem } from '../schemas/problem.ts';
import { printResult } from './output.ts';
import { withRecords } from './records.ts';

/** `tracemill evaluation compare`: two evaluations, instance by instance. */
export function compareCommand() {
  return new Command('compare')
    .description('Compares two evaluations of the same instances: differences with intervals and tests, and what changed.')
    .argument('<name>', 'name of the evaluation')
    .argument('<baseline>', 'name of the one that it is compared with')
    .option('--intersect', 'compare the instances that both have where their sets differ')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill evaluation compare coder-verified coder-base\n  $ tracemill evaluation compare coder-verified coder-base --intersect --json',
    )
    .action(async (name, baseline, { intersect = false }, command) => {
      const { comparisonText, evaluationFigures, storedEvaluation } = await import('../activities/evaluation/index.ts');
      const [here, there] = await withRecords((stores) =>
        Promise.all([storedEvaluation(name, stores), storedEvaluation(baseline, stores)]),
      );
      const figures = evaluationFigures(here.record, { baseline: there.record, intersect });
      const { comparison } = figures;
      if (comparison?.sets === 'refused') {
        const { only_here, only_there } = comparison;
        throw new Problem(
          'bad_comparison',
          `${name} and ${baseline} have other instances: ${only_here} only in ${name}, ${only_there} only in ${baseline}`,
          {
            hint: 'to compare the instances that both have: --intersect',
          },
        );
      }
      printResult(command, comparison, () => comparisonText(figures));
    });
}
