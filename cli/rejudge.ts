import { Command, Option } from '@commander-js/extra-typings';
import type { FateChange } from '../activities/filtering/index.ts';
import { FilterPresetName } from '../schemas/filter-preset.ts';
import { ScanPreset } from '../schemas/scan-preset.ts';
import type { TaskFacts } from '../schemas/task.ts';
import type { Trajectory } from '../schemas/trajectory.ts';
import { rolloutId } from '../schemas/rollout-id.ts';
import { interruption } from './interrupt.ts';
import { judgingText } from './judging-text.ts';
import { printResult } from './output.ts';
import { Problem } from '../schemas/problem.ts';
import { judgeChoiceOf, withJudgeOptions, withSecondJudge } from './second-judge.ts';
import { requireCampaign, withRecords } from './records.ts';
import { table } from './table.ts';

/** `tracemill rejudge CAMPAIGN`: other filters over the same trajectories. */
export function rejudgeCommand() {
  const command = new Command('rejudge')
    .description('Decides on the stored trajectories of a campaign again, without container or model, and shows whose fate changed.')
    .argument('<campaign>', 'name of the campaign')
    .addOption(
      new Option('--preset <name>', 'filters and parameters').choices(FilterPresetName.options).default('open-swe-traces' as const),
    )
    .addOption(new Option('--rescan <preset>', 'scan the trajectories again, by this preset of the scanner').choices(ScanPreset.options));
  return withJudgeOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill rejudge demo --preset strict\n  $ tracemill rejudge demo --preset open-swe-traces --json\n  $ tracemill rejudge demo --rescan follow-up --judge campaign.yaml#reviewer',
    )
    .action((campaign, { preset, rescan: scanner }, command) => {
      const choice = judgeChoiceOf(command);
      if (choice.judge !== undefined && scanner === undefined)
        throw new Problem('bad_usage', '--judge goes with --rescan', { hint: 'see: tracemill rejudge --help' });
      return withSecondJudge(choice, (judge) =>
        withRecords(async ({ ledger, store }) => {
          await requireCampaign(ledger, campaign);
          const { decideAgain } = await import('../activities/filtering/index.ts');
          const { scanForCampaign } = await import('../activities/scanning/index.ts');
          const rescan =
            scanner === undefined
              ? {}
              : {
                  rescan: (trajectory: Trajectory, task: TaskFacts) =>
                    scanForCampaign(trajectory, task, scanner, judge && { judge, signal: interruption() }),
                };
          const { decided, changes } = await decideAgain({ campaign, preset, ledger, store, ...rescan });
          printResult(command, { campaign, preset, decided, changes, judging: judge?.total ?? null }, () =>
            [
              changesText(decided, changes),
              ...(judge === undefined || judge.total === null ? [] : [`second judge: ${judgingText(judge.total)}`]),
            ].join('\n'),
          );
        }),
      );
    });
}

function changesText(decided: number, changes: FateChange[]): string {
  const summary = `${decided} rows decided again, ${changes.length} with another fate`;
  if (changes.length === 0) return summary;
  const fate = ({ kept, by }: FateChange['before']) => (kept ? 'kept' : `dropped by ${by ?? 'unknown'}`);
  const rows = table(changes, [
    { title: 'rollout', value: ({ key }) => rolloutId(key) },
    { title: 'before', value: ({ before }) => fate(before) },
    { title: 'after', value: ({ after }) => fate(after) },
  ]);
  return `${rows}\n\n${summary}. Build the release again to see it there.`;
}
