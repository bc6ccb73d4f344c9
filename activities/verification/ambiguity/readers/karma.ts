import { firstLine, type Said, type ToolReport, type ToolLog } from '../tool-report.ts';

const otherSigns: Record<string, string> = { '✓': '✔', '✗': '✖', '✕': '✖' };

/** Karma's other reporters print other signs: the same log with the known ones shows what they said. */
export function karmaReport({ text, parser, statuses }: ToolLog): ToolReport {
  const said: Said[] = [];
  const line = firstLine(text, /[✓✗✕]/);
  if (line !== undefined) {
    for (const [name, status] of parser(text.replaceAll(/[✓✗✕]/g, (sign) => otherSigns[sign] ?? sign))) {
      if (statuses.has(name)) continue;
      said.push({ name, outcome: status === 'PASSED' ? 'passed' : 'failed', cause: 'unknown_form', line });
    }
  }
  return { said, unread: [], totals: karmaTotals(text) };
}

/** The last count of a run; progress prints the earlier ones. */
function karmaTotals(text: string): ToolReport['totals'] {
  const last = [...text.matchAll(/Executed (\d+) of \d+.*$/gm)].at(-1);
  const failed = /\((\d+) FAILED\)/.exec(last?.[0] ?? '')?.[1];
  if (last !== undefined) return { failed: Number(failed ?? 0), line: last[0] };
  const summary = /✖ (\d+) tests? failed/.exec(text);
  return summary === null ? undefined : { failed: Number(summary[1]), line: summary[0] };
}
