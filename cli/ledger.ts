import { Command } from '@commander-js/extra-typings';
import type { Funnel, FunnelCounts } from '../schemas/ledger-record.ts';
import { printResult } from './output.ts';
import { requireCampaign, withRecords } from './records.ts';
import { table } from './table.ts';

/** `tracemill ledger CAMPAIGN`: from planned rollouts to kept rows, as a funnel by harness, mode and language. */
export function ledgerCommand() {
  return new Command('ledger')
    .description(
      'Summarises what became of every planned rollout of a campaign, by harness, mode and language, and which rules dropped how many.',
    )
    .argument('<campaign>', 'name of the campaign')
    .addHelpText('after', '\nExamples:\n  $ tracemill ledger demo\n  $ tracemill ledger demo --json')
    .action((campaign, _options, command) =>
      withRecords(async ({ ledger }) => {
        await requireCampaign(ledger, campaign);
        const funnel = await ledger.campaignFunnel(campaign);
        printResult(command, { campaign, ...funnel }, () => funnelText(funnel));
      }),
    );
}

/** From planned rollouts to kept rows, then what dropped rows and what could not judge them. */
export function funnelText({ total, cells }: Funnel): string {
  const named = cells.map(({ harness, mode, language, counts }) => ({ names: [harness, mode, language], counts }));
  const rows = [...named, { names: ['all', '', ''], counts: total }];
  const count = (title: string, of: (counts: FunnelCounts) => number) =>
    ({ title, align: 'right', value: ({ counts }: (typeof rows)[number]) => of(counts) }) as const;
  const counts = table(rows, [
    { title: 'harness', value: ({ names }) => names[0] },
    { title: 'mode', value: ({ names }) => names[1] },
    { title: 'language', value: ({ names }) => names[2] },
    count('planned', ({ planned }) => planned),
    count('open', ({ open }) => open),
    count('gated out', ({ gated_out }) => gated_out),
    count('lost', ({ lost }) => lost),
    ...(total.unparsed > 0 ? [count('unparsed', ({ unparsed }) => unparsed)] : []),
    count('dropped', ({ dropped }) => dropped),
    count('kept', ({ kept }) => kept),
    count('resolved', ({ resolved }) => resolved),
    ...(total.ambiguous > 0 ? [count('ambiguous', ({ ambiguous }) => ambiguous)] : []),
  ]);
  return [counts, ...rulesTable('dropped by', total.dropped_by), ...rulesTable('not judged by', total.not_judged)].join('\n\n');
}

/** Rule → rows, as a table, the most first; empty where there is none. */
function rulesTable(title: string, counts: Record<string, number>): string[] {
  const rows = Object.entries(counts).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (rows.length === 0) return [];
  return [
    table(rows, [
      { title, value: ([rule]) => rule },
      { title: 'rows', align: 'right', value: ([, number]) => number },
    ]),
  ];
}
