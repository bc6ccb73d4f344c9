import { Command } from '@commander-js/extra-typings';
import { detailText } from './campaign-view.ts';
import { interruption } from './interrupt.ts';
import { printResult } from './output.ts';
import { taskInitCommand } from './task-init.ts';
import { watch } from './watch.ts';

/** `tracemill task`: one task of a campaign, or a new one of one's own. */
export function taskCommand() {
  return new Command('task')
    .description('Shows what one task of a campaign is doing, or makes a task of your own.')
    .addCommand(showCommand())
    .addCommand(taskInitCommand());
}

function showCommand() {
  return new Command('show')
    .description('Shows stage, turn, tokens and fate of each rollout of a task, live.')
    .argument('<campaign>', 'name of the campaign')
    .argument('<task>', 'instance id of the task')
    .option('--watch', 'keep showing it until all its rollouts have ended')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill task show demo acme__parser-7\n  $ tracemill task show demo acme__parser-7 --watch\n  $ tracemill task show demo acme__parser-7 --json',
    )
    .action(async (campaign, task, { watch: keep = false }, command) => {
      const [{ withClient }, { liveDetail }] = await Promise.all([import('../client/connect.ts'), import('../client/live-detail.ts')]);
      const detail = await withClient((client) => {
        const read = () => liveDetail(client, campaign, task);
        if (!keep) return read();
        const ended = ({ stage }: Awaited<ReturnType<typeof read>>) => ['done', 'failed', 'cancelled'].includes(stage);
        const line = (state: Awaited<ReturnType<typeof read>>) =>
          `${state.stage}: ${state.rollouts.filter(({ fate }) => fate !== null).length} of ${state.rollouts.length} rollouts decided`;
        return watch({ read, ended, screen: detailText, line, signal: interruption() });
      });
      printResult(command, detail, () => detailText(detail));
    });
}
