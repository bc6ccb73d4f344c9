import { Command } from '@commander-js/extra-typings';
import { Problem } from '../schemas/problem.ts';
import { rolloutId } from '../schemas/rollout-id.ts';
import { interruption } from './interrupt.ts';
import { entryText } from './journal-view.ts';
import { printResult, wantsJson } from './output.ts';
import { withRecords } from './records.ts';

/** `tracemill rollout`: one rollout, turn by turn. */
export function rolloutCommand() {
  return new Command('rollout').description('Shows one rollout turn by turn.').addCommand(showCommand());
}

function showCommand() {
  return new Command('show')
    .description('Prints the journal of a rollout: each reply, each action with its output. It must have run on this host.')
    .argument(
      '<id>',
      'rollout id (campaign/task/harness/mode/sample, the campaign may be left out), trajectory id, or the beginning of one',
    )
    .option('--follow', 'keep printing what is added until the rollout has ended')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill rollout show 53f45d7f\n  $ tracemill rollout show demo/acme__parser-7 --follow\n\nWith --json: one journal entry a line.',
    )
    .action(async (id, { follow = false }, command) => {
      const [{ followJournal }, { journalPath }, { paths }] = await Promise.all([
        import('../activities/journal/follow-journal.ts'),
        import('../activities/journal/journal.ts'),
        import('../platform/home.ts'),
      ]);
      const key = await withRecords(async ({ ledger }) => {
        const found = await ledger.find(id);
        const [only, other] = found;
        if (only === undefined)
          throw new Problem('unknown_rollout', `no rollout on record begins with ${id}`, { hint: 'tracemill ledger CAMPAIGN counts them' });
        if (other !== undefined) {
          throw new Problem(
            'unknown_rollout',
            `${found.length} rollouts begin with ${id}: ${found
              .slice(0, 8)
              .map(({ rollout }) => rolloutId(rollout.key))
              .join(', ')}`,
            {
              hint: 'name one of them',
            },
          );
        }
        return only.rollout.key;
      });
      for await (const entry of followJournal(journalPath(paths.journals(), key), { follow, signal: interruption() })) {
        if (wantsJson(command)) printResult(command, entry, '');
        else process.stdout.write(`${entryText(entry)}\n`);
      }
    });
}
