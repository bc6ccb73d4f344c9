import { countsIn, linesWith, type Outcome, type Said, saidAs, type ToolReport, type ToolLog } from '../tool-report.ts';

/** Signs and how the parser would know them; each with what it prints before a title. */
const signs: Record<string, { outcome: Outcome; meant: string; known: boolean }> = {
  '✓': { outcome: 'passed', meant: '✓', known: true },
  '⨯': { outcome: 'failed', meant: '⨯', known: true },
  '✕': { outcome: 'failed', meant: '⨯', known: false },
  '✘': { outcome: 'failed', meant: '⨯', known: false },
  '✗': { outcome: 'failed', meant: '⨯', known: false },
  '! ': { outcome: 'passed', meant: '✓ ', known: false },
  '⚠': { outcome: 'passed', meant: '✓', known: false },
};

/** Pest and Laravel: signs of other versions, tests that passed with a warning, and results behind output. */
export function pestReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  for (const [sign, { outcome, meant, known }] of Object.entries(signs)) {
    for (const line of linesWith(text, sign)) {
      const start = line.indexOf(sign);
      const behind = start > 0;
      if (known && !behind) continue;
      if (behind && sign === '! ') continue;
      // Behind an arrow stands why a test has its warning.
      const title = line.slice(start + sign.length).split(' → ', 1)[0] ?? '';
      said.push(...saidAs(parser, `  ${meant}${title}`, { outcome, cause: behind ? 'output_before_result' : 'unknown_form', line }));
    }
  }
  return { said, unread: [], totals: pestTotals(text) };
}

function pestTotals(text: string): ToolReport['totals'] {
  const counts = countsIn(text, /^ *Tests: +(?:\d+ \w+,? ?)+/gm);
  return counts && { failed: counts.of('failed'), passed: counts.of('passed'), line: counts.line };
}
