import { nameTable } from '../../../../schemas/name-table.ts';
import { firstLine, linesWith, type Outcome, type Said, saidAs, sumOf, type ToolReport, type ToolLog } from '../tool-report.ts';

const words: Record<string, Outcome> = nameTable({ ERROR: 'failed', XPASS: 'failed', SKIP: 'skipped' });
const otherWord = /^(ERROR|XPASS|SKIP): (.+)$/;
const behindOutput = /^[^#].*?(?<!X)((?:PASS|FAIL): .+)$/;

/** Automake's harness: words that the parser does not know, and results behind output. */
export function automakeReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  for (const word of Object.keys(words)) {
    for (const line of linesWith(text, `${word}: `)) {
      const [, found = '', title = ''] = otherWord.exec(line) ?? [];
      const outcome = words[found];
      if (outcome !== undefined && found === word) said.push(...saidAs(parser, `FAIL: ${title}`, { outcome, cause: 'unknown_form', line }));
    }
  }
  for (const word of ['PASS', 'FAIL']) {
    for (const line of linesWith(text, `${word}: `)) {
      const [, meant] = behindOutput.exec(line) ?? [];
      const outcome = word === 'PASS' ? 'passed' : 'failed';
      if (meant?.startsWith(word) === true) said.push(...saidAs(parser, meant, { outcome, cause: 'output_before_result', line }));
    }
  }
  return { said, unread: [], totals: automakeTotals(text) };
}

function automakeTotals(text: string): ToolReport['totals'] {
  const line = firstLine(text, /^# FAIL: +\d+$/m);
  if (line === undefined) return undefined;
  return { failed: sumOf(text, /^# (?:FAIL|ERROR|XPASS): +(\d+)$/gm), passed: sumOf(text, /^# PASS: +(\d+)$/gm), line };
}
