import { firstLine, linesWith, nameOf, type Said, saidAs, sumOf, type ToolReport, type ToolLog } from '../tool-report.ts';

// A comment may quote the points of a program that the test ran.
const behindOutput = /^(?!(?:not )?ok\b|#).*?\S.*?((?:not )?ok \d+ .+)$/;
const directive = /\s# ?(skip|todo)\S*/i;

/** A skipped point is `ok`, and one still to be done may be `not ok`; output without a line end stands before others. */
export function tapReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  for (const line of linesWith(text, 'ok ')) {
    const behind = behindOutput.exec(line)?.[1];
    if (behind !== undefined) {
      const outcome = behind.startsWith('not') ? 'failed' : 'passed';
      said.push(...saidAs(parser, behind, { outcome, cause: 'output_before_result', line }));
    } else if (line.startsWith('ok ') && directive.exec(line)?.[1]?.toLowerCase() === 'skip') {
      said.push(...saidAs(parser, line, { outcome: 'skipped', cause: 'directive', line }));
    }
  }
  return { said, unread: [], totals: tapTotals(text) };
}

/** As above, where names are joined with those of the blocks around; a point to be done is no failure of the tool. */
export function tapBlocksReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  const suites: string[] = [];
  for (const raw of directive.test(text) ? text.split('\n') : []) {
    const line = raw.trim();
    if (/^\}+$/.test(line)) suites.splice(Math.max(0, suites.length - line.length));
    if (!/^(?:not )?ok\s/.test(line)) continue;
    const own = nameOf(parser, line.replace(/\{$/, ''));
    if (own === undefined) continue;
    const [, word] = directive.exec(line) ?? [];
    if (word !== undefined && (line.startsWith('ok') ? word.toLowerCase() === 'skip' : word.toLowerCase() === 'todo')) {
      const outcome = line.startsWith('ok') ? 'skipped' : 'passed';
      said.push({ name: [...suites, own].join(' :: '), outcome, cause: 'directive', line });
    }
    if (line.endsWith('{')) suites.push(own);
  }
  return { said, unread: [], totals: tapTotals(text) };
}

/** The counts at the end of TAP, which not every tool prints. */
function tapTotals(text: string): ToolReport['totals'] {
  const line = firstLine(text, /^# (?:fail|pass) +\d+$/m);
  if (line === undefined) return undefined;
  return { failed: sumOf(text, /^# fail +(\d+)$/gm), passed: sumOf(text, /^# pass +(\d+)$/gm), line };
}
