import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { paths } from '../platform/home.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';
import { withRecords } from './records.ts';

const mostShown = 20;

/** `tracemill evaluation recompute`: proves that the figures follow from what is stored. */
export function recomputeCommand() {
  return new Command('recompute')
    .description('Computes every figure of an evaluation again from its stored record, and compares it with the stored figures.')
    .argument('<name>', 'name of the evaluation')
    .option('--record <file>', 'read the record from this JSON file instead of the store')
    .option('--figures <file>', 'the figures to compare with, such as the output of report --json')
    .addHelpText(
      'after',
      `
Exit code 1 when any figure differs; its path and both values are printed.

Examples:
  $ tracemill evaluation recompute coder-verified
  $ tracemill evaluation recompute coder-verified --record record.json --figures figures.json`,
    )
    .action(async (name, { record: recordFile, figures: figuresFile }, command) => {
      const evaluation = await import('../activities/evaluation/index.ts');
      const file = figuresFile ?? join(paths.evaluations(), name, evaluation.reportFiles.figures);
      const stored = await evaluation.readEvaluationFigures(file);
      const computed = await withRecords(async (stores) => {
        const record =
          recordFile === undefined
            ? (await evaluation.storedEvaluation(name, stores)).record
            : await evaluation.readEvaluationRecord(recordFile);
        const compared = stored.comparison;
        const baseline = compared === null ? undefined : (await evaluation.storedEvaluation(compared.baseline.name, stores)).record;
        return evaluation.evaluationFigures(record, {
          ...(baseline !== undefined && { baseline }),
          intersect: compared?.sets === 'intersected',
        });
      });
      // As they are stored: what JSON leaves out or rounds must not count as a difference.
      const differing = evaluation.differingPaths(stored, JSON.parse(JSON.stringify(computed)));
      if (differing.length > 0) process.exitCode = exitCodes.failed;
      printResult(command, { evaluation: name, figures: file, equal: differing.length === 0, differing }, () =>
        differing.length === 0
          ? `every figure of ${name} follows from its record`
          : [
              `${differing.length} figures of ${name} do not follow from its record (${file}):`,
              ...differing
                .slice(0, mostShown)
                .map(({ path, stored: was, computed: is }) => `  ${path}: stored ${JSON.stringify(was)}, computed ${JSON.stringify(is)}`),
              ...(differing.length > mostShown ? [`  and ${differing.length - mostShown} more: --json`] : []),
            ].join('\n'),
      );
    });
}
