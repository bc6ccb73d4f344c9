import { Command } from '@commander-js/extra-typings';
import type { FoundRollout } from '../activities/ledger/ledger.ts';
import { Problem } from '../schemas/problem.ts';
import { rolloutId } from '../schemas/rollout-id.ts';
import { explain, fateOf } from './explanation.ts';
import { printResult } from './output.ts';
import { withRecords } from './records.ts';
import { table } from './table.ts';

/** `tracemill why ID`: what became of one row, and which rules decided it on what evidence. */
export function whyCommand() {
  return new Command('why')
    .description('Explains the fate of one row: the deciding rules first, then verdict, findings, cost and where its artifacts lie.')
    .argument(
      '<id>',
      'trajectory id, rollout id (campaign/task/harness/mode/sample, the campaign may be left out), or the beginning of one',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill why 53f45d7f\n  $ tracemill why demo/acme__parser-7\n  $ tracemill why acme__parser-7 --json',
    )
    .action((id, _options, command) =>
      withRecords(async ({ ledger, store }) => {
        const found = await ledger.find(id);
        const [first, ...others] = found;
        if (first === undefined) {
          throw new Problem('unknown_row', `nothing on record begins with ${id}`, {
            hint: 'tracemill ledger CAMPAIGN counts the rows of a campaign',
          });
        }
        if (others.length > 0) {
          printResult(command, { matches: found }, () => matches(found));
          return;
        }
        const { key } = first.rollout;
        const attempts = await ledger.attempts(key);
        const history = first.entry === null ? [] : await ledger.revisions(first.entry.id);
        const task = await ledger.task(key.campaign, key.instance_id);
        printResult(command, { ...first, attempts, history }, () =>
          explain({
            ...first,
            attempts,
            history,
            task,
            location: (ref) => store.location(ref),
          }),
        );
      }),
    );
}

function matches(found: FoundRollout[]): string {
  const rows = table(found, [
    { title: 'rollout', value: ({ rollout }) => rolloutId(rollout.key) },
    { title: 'trajectory', value: ({ entry }) => entry?.id },
    { title: 'fate', value: ({ entry }) => fateOf(entry) },
  ]);
  return `${rows}\n\nName one of them to see why.`;
}
