import { firstLine, linesWith, type Said, saidAs, sumOf, type ToolReport, type ToolLog } from '../tool-report.ts';

const starred = /^(\d+\/\d+\s+Test\s+#\d+: .*?\.)\*\*\*(.*)$/;
const notRun = /^(Skipped|Not Run \(Disabled\))/;

/** CTest prints three stars before every word but `Passed`, so the parser sees no other. */
export function ctestReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  for (const line of linesWith(text, '***')) {
    const [, test, word = ''] = starred.exec(line) ?? [];
    if (test === undefined) continue;
    const outcome = notRun.test(word) ? 'skipped' : 'failed';
    said.push(...saidAs(parser, `${test}   Failed`, { outcome, cause: 'unknown_form', line }));
  }
  const line = firstLine(text, /^\d+% tests passed, \d+ tests failed out of \d+/m);
  const failed = sumOf(text, /^\d+% tests passed, (\d+) tests failed out of \d+/gm);
  return { said, unread: [], totals: line === undefined ? undefined : { failed, line } };
}
