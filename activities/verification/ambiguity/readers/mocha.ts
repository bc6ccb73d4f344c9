import { firstLine, linesWith, type Said, saidAs, sumOf, type ToolReader, type ToolReport } from '../tool-report.ts';

/** How a parser reads Mocha: its ticks, and the line by which it would know a failure. */
interface Form {
  ticks: string;
  failure: (title: string) => string;
}

const numberedLine = /^\d+\) (.+)$/;
const behindOutput = /\S.*?(?:\s{2,}|(?<=\S))(\d+\) \S.*)$/;
const isHeading = /:$/;

/** Mocha's spec reporter: ticks of older versions, results behind output, and failures that the parser knows elsewhere only. */
export function mochaReport({ ticks, failure }: Form): ToolReader {
  return ({ text, parser }) => {
    const said: Said[] = [];
    for (const tick of '✔✓') {
      for (const line of linesWith(text, tick)) {
        const start = line.indexOf(tick);
        const meant = `${ticks.charAt(0)}${line.slice(start + 1)}`;
        if (start > 0) said.push(...saidAs(parser, meant, { outcome: 'passed', cause: 'output_before_result', line }));
        else if (!ticks.includes(tick)) said.push(...saidAs(parser, meant, { outcome: 'passed', cause: 'unknown_form', line }));
      }
    }
    for (const line of linesWith(text, ') ')) {
      const inline = numberedLine.exec(line)?.[1];
      const behind = inline === undefined ? numberedLine.exec(behindOutput.exec(line)?.[1] ?? '')?.[1] : undefined;
      const title = inline ?? behind;
      if (title === undefined || isHeading.test(title)) continue;
      const cause = inline === undefined ? 'output_before_result' : 'unknown_form';
      if (inline === undefined || parser(line).size === 0) said.push(...saidAs(parser, failure(title), { outcome: 'failed', cause, line }));
    }
    return { said, unread: [], totals: mochaTotals(text) };
  };
}

/** Mocha's own counts, `3 passing (12ms)` and `1 failing`. */
export function mochaTotals(text: string): ToolReport['totals'] {
  const line = firstLine(text, /^ *\d+ passing \(.*\)$/m);
  if (line === undefined) return undefined;
  return { passed: sumOf(text, /^ *(\d+) passing \(.*\)$/gm), failed: sumOf(text, /^ *(\d+) failing$/gm), line };
}
