import { countsIn, linesWith, type Outcome, type Said, saidAs, type ToolReport, type ToolLog } from '../tool-report.ts';

const outcomes: Record<string, Outcome> = { '✓': 'passed', '×': 'failed', '↓': 'skipped' };
/** What vitest adds behind a title beside the time. */
const remarks = /(?: \d+ms)?(?: \((?:retry|repeat) x\d+\)| \d+ MB heap used)+$/;
const numberAtEnd = /(\s\d+)\s*(m?)(s?)$/;
const isResult = / > /;

/** A time has its unit; so a bare number belongs to the title, and what the parser cuts there is part of the name. */
export function vitestReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  for (const [symbol, outcome] of Object.entries(outcomes)) {
    for (const line of linesWith(text, symbol)) {
      const start = line.indexOf(symbol);
      const result = line.slice(start);
      if (!isResult.test(result)) continue;
      if (start > 0) said.push(...saidAs(parser, result, { outcome, cause: 'output_before_result', line }));
      else if (remarks.test(result))
        said.push(...saidAs(parser, result.replace(remarks, ' 0ms'), { outcome, cause: 'unknown_form', line }));
      else if (isCut(result)) {
        // Under the name that is left, and under the whole title: a slow run prints a time and so keeps it.
        for (const meant of [result, `${result} 0ms`]) said.push(...saidAs(parser, meant, { outcome, cause: 'cut_name', line }));
      }
    }
  }
  return { said, unread: [], totals: vitestTotals(text) };
}

function isCut(result: string): boolean {
  const [, , minutes, seconds] = numberAtEnd.exec(result) ?? [];
  return minutes !== undefined && `${minutes}${seconds ?? ''}` !== 'ms';
}

function vitestTotals(text: string): ToolReport['totals'] {
  const counts = countsIn(text, /^ *Tests {2}(?:\d+ \w+(?: \| )?)+ \(\d+\)$/gm);
  return counts && { failed: counts.of('failed'), passed: counts.of('passed'), line: counts.line };
}
