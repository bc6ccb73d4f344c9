import { Command } from '@commander-js/extra-typings';
import { note, printResult } from './output.ts';
import { table } from './table.ts';

/** `tracemill campaign audit NAME`: who changed a running campaign, when and why. */
export function auditCommand() {
  return new Command('audit')
    .description('Lists who paused, resumed or aborted a campaign or changed its limits, when and why; from pages and command line.')
    .argument('<campaign>', 'name of the campaign; one that was removed, too')
    .option('--last <number>', 'how many changes, the newest first', '50')
    .addHelpText('after', '\nExamples:\n  $ tracemill campaign audit demo\n  $ tracemill campaign audit demo --last 500 --json')
    .action(async (campaign, { last }, command) => {
      const { auditOf } = await import('../client/audit-log.ts');
      const { lines, more, unread } = auditOf(campaign, Math.max(1, Number.parseInt(last, 10) || 50));
      if (unread > 0) note(`${unread} lines of the audit log cannot be read`);
      printResult(command, { campaign, lines, more, unread }, () => {
        if (lines.length === 0) return `nothing was changed in ${campaign} while it ran`;
        const rows = table(lines, [
          { title: 'when', value: ({ at }) => at },
          { title: 'who', value: ({ who }) => who },
          { title: 'what', value: ({ action }) => action },
          { title: 'reason', value: ({ reason }) => reason },
          { title: 'before', value: ({ before }) => before },
          { title: 'after', value: ({ after }) => after },
          { title: 'outcome', value: ({ outcome }) => outcome },
        ]);
        return more === 0 ? rows : `${rows}\n\nand ${more} older changes: --last ${lines.length + more}`;
      });
    });
}
