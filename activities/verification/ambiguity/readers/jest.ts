import { countsIn, linesWith, type Outcome, type Said, saidAs, type ToolReport, type ToolLog } from '../tool-report.ts';

const outcomes: Record<string, Outcome> = { '✓': 'passed', '✕': 'failed', '○': 'skipped' };
const notRun = /^FAIL (\S+).*\n(?:[ \t]*\n)*[ \t]*● Test suite failed to run/gm;

/** Results behind output; skipped tests by their own names; and files that did not run at all. */
export function jestReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  for (const [symbol, outcome] of Object.entries(outcomes)) {
    for (const line of linesWith(text, symbol)) {
      const behind = line.indexOf(symbol) > 0;
      if (behind) said.push(...saidAs(parser, line.slice(line.indexOf(symbol)), { outcome, cause: 'output_before_result', line }));
      else if (line.startsWith('○ skipped ')) said.push(...saidAs(parser, `✓ ${line.slice(10)}`, { outcome, cause: 'equal_names', line }));
    }
  }
  const unread = [...text.matchAll(notRun)].map(([line, file = '']) => ({ name: `file ${file}`, line: line.split('\n', 1)[0] ?? '' }));
  return { said, unread, totals: jestTotals(text) };
}

/** jest's own count, `Tests: 1 failed, 2 passed, 3 total`. */
export function jestTotals(text: string): ToolReport['totals'] {
  const counts = countsIn(text, /^Tests: +(?:\d+ \w+, )*\d+ total$/gm);
  return counts && { failed: counts.of('failed'), passed: counts.of('passed'), line: counts.line };
}
