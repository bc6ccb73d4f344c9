import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { replaceFile } from '../platform/replace-file.ts';
import { note, printResult } from './output.ts';
import { withRecords } from './records.ts';

/** `tracemill evaluation report`: all figures of one evaluation. */
export function reportCommand() {
  return new Command('report')
    .description('Shows what an evaluation found: rates with intervals, a paired comparison, endings, cost, health.')
    .argument('<name>', 'name of the evaluation')
    .option('--baseline <name>', 'compare with this evaluation; accepted for the accepted one of its series')
    .option('--intersect', 'compare the instances that both have where their sets differ')
    .option('--html <file>', 'write the report as one page instead')
    .option('--markdown', 'print it as Markdown, also beside --html')
    .option('--record <file>', 'read the record from this JSON file instead of the store')
    .addHelpText(
      'after',
      `
Examples:
  $ tracemill evaluation report coder-verified
  $ tracemill evaluation report coder-verified --baseline coder-base --html report.html
  $ tracemill evaluation report nightly-20260131 --baseline accepted --markdown > report.md
  $ tracemill evaluation report coder-verified --record record.json --json`,
    )
    .action(async (name, { baseline, intersect = false, html, markdown = html === undefined, record: file }, command) => {
      const evaluation = await import('../activities/evaluation/index.ts');
      const figures = await withRecords(async (stores) => {
        const record =
          file === undefined ? (await evaluation.storedEvaluation(name, stores)).record : await evaluation.readEvaluationRecord(file);
        const other = baseline === undefined ? undefined : await evaluation.baselineOf(evaluation.seriesOf(name), baseline, stores);
        return evaluation.evaluationFigures(record, { ...(other !== undefined && { baseline: other.record }), intersect });
      });
      if (html !== undefined) {
        replaceFile(resolve(html), evaluation.htmlReport(figures));
        note(`written: ${resolve(html)}`);
      }
      printResult(command, figures, () => (markdown ? evaluation.markdownReport(figures).trimEnd() : ''));
    });
}
