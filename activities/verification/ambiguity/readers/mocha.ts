import { firstLine, linesWith, type Said, saidAs, sumOf, type ToolReader, type ToolReport } from '../tool-report.ts';

/** How a parser reads Mocha: its ticks, and the line by which it would know a failure. */
interface Form {
  ticks: string;
  failure: (title: string) => string;
}

const numberedLine = /^(\d+)\) (.+)$/;
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
    for (const { title, line, behind } of inlineFailures(text)) {
      const cause = behind ? 'output_before_result' : 'unknown_form';
      if (behind || parser(line).size === 0) said.push(...saidAs(parser, failure(title), { outcome: 'failed', cause, line }));
    }
    return { said, unread: [], totals: mochaTotals(text) };
  };
}

/** Failures where they happened. Their list below counts from 1 again, with the names of suites in their place. */
export function* inlineFailures(text: string): Generator<{ title: string; line: string; behind: boolean }> {
  let inList = true;
  for (const line of linesWith(text, ') ')) {
    const plain = numberedLine.exec(line);
    const [, number, title] = plain ?? numberedLine.exec(behindOutput.exec(line)?.[1] ?? '') ?? [];
    if (title === undefined) continue;
    if (number === '1') inList = !inList;
    if (!inList && !isHeading.test(title)) yield { title, line, behind: plain === null };
  }
}

/** Mocha's own counts, `3 passing (12ms)` and `1 failing`. */
export function mochaTotals(text: string): ToolReport['totals'] {
  const line = firstLine(text, /^ *\d+ passing \(.*\)$/m);
  if (line === undefined) return undefined;
  return { passed: sumOf(text, /^ *(\d+) passing \(.*\)$/gm), failed: sumOf(text, /^ *(\d+) failing$/gm), line };
}
