import { Command } from '@commander-js/extra-typings';
import type { Alarm } from '../schemas/alarm.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import { exitCodes } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { note, printResult } from './output.ts';
import { withRecords } from './records.ts';
import { table } from './table.ts';

/** `tracemill evaluation check`: the alarm, for scripts and schedules. */
export function checkCommand() {
  return new Command('check')
    .description('Tells whether an evaluation is worse than its baseline; its health comes first.')
    .argument('<name>', 'name of the evaluation')
    .option('--baseline <name>', 'name of an evaluation, or accepted for the accepted one of the series', 'accepted')
    .option('--series <name>', 'the series that it belongs to; by default its name without the date')
    .option('--webhook <url>', 'post the alarm there, unless all is fine')
    .addHelpText(
      'after',
      `
Exit codes: 0 fine or a warning, 1 a regression, 5 invalid: the machinery was measured, not the model.
4 when all is well but the webhook could not be reached, 3 without a baseline.

Examples:
  $ tracemill evaluation check nightly-20260131
  $ tracemill evaluation check nightly-20260131 --baseline nightly-20260130 --json
  $ tracemill evaluation check nightly-20260131 --webhook https://chat.example.org/hook`,
    )
    .action(async (name, { baseline, series, webhook }, command) => {
      // Before the check: a night whose alarm reaches nobody must not look well configured.
      if (webhook !== undefined && !/^https?:/.test(URL.parse(webhook)?.protocol ?? '')) {
        throw new Problem('bad_webhook', `--webhook: ${webhook} is no address of HTTP`, { hint: 'give it as https://HOST/PATH' });
      }
      const { checkEvaluation, postAlarm } = await import('../activities/evaluation/index.ts');
      const alarm = await withRecords((stores) => checkEvaluation({ name, baseline, series }, stores));
      printResult(command, alarm, () => alarmLines(alarm));
      if (alarm.verdict === 'regression') process.exitCode = exitCodes.failed;
      if (alarm.verdict === 'invalid') process.exitCode = exitCodes.invalid;
      if (webhook === undefined || alarm.verdict === 'fine') return;
      try {
        await postAlarm(webhook, alarm, { signal: interruption() });
      } catch (error) {
        note(`tracemill: ${messageOf(error)}`);
        process.exitCode ??= exitCodes.infrastructure;
      }
    });
}

function alarmLines({ evaluation, baseline, verdict, reasons, tests }: Alarm): string {
  const shown = (share: number | null) => (share === null ? null : (share * 100).toFixed(1));
  return [
    `${evaluation} against ${baseline}: ${verdict}`,
    ...reasons.map((reason) => `  ${reason}`),
    '',
    table(tests, [
      { title: 'cell', value: ({ cell }) => cell },
      { title: 'instances', value: ({ instances }) => instances, align: 'right' },
      { title: 'difference', value: ({ difference }) => shown(difference), align: 'right' },
      { title: 'p of a loss', value: ({ p }) => p.toPrecision(2), align: 'right' },
      { title: 'corrected', value: ({ p_corrected }) => p_corrected.toPrecision(2), align: 'right' },
      { title: 'found from', value: ({ detectable }) => shown(detectable), align: 'right' },
    ]),
    '',
    '"found from": the drop in points that such a check finds in 95 of 100 cases.',
  ].join('\n');
}
