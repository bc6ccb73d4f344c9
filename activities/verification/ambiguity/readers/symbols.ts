import { linesWith, type Said, saidAs, type ToolReport, type ToolLog } from '../tool-report.ts';
import { jestTotals } from './jest.ts';
import { inlineFailures, mochaTotals } from './mocha.ts';

/** Failures of jest and Mocha, whose signs the reader of all symbols does not know. */
export function symbolsReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  for (const cross of '✕✗') {
    for (const line of linesWith(text, cross)) {
      if (line.startsWith(cross)) said.push(...saidAs(parser, `✖${line.slice(1)}`, { outcome: 'failed', cause: 'unknown_form', line }));
    }
  }
  for (const { title, line } of inlineFailures(text)) {
    said.push(...saidAs(parser, `✖ ${title}`, { outcome: 'failed', cause: 'unknown_form', line }));
  }
  for (const symbol of '✔✓✘✖×') {
    for (const line of linesWith(text, symbol)) {
      const start = line.indexOf(symbol);
      const outcome = '✔✓'.includes(symbol) ? 'passed' : 'failed';
      if (start > 0) said.push(...saidAs(parser, line.slice(start), { outcome, cause: 'output_before_result', line }));
    }
  }
  return { said, unread: [], totals: jestTotals(text) ?? mochaTotals(text) };
}
