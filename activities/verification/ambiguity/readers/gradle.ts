import { firstLine, linesWith, type Said, saidAs, sumOf, type ToolReport, type ToolLog } from '../tool-report.ts';

const outcome = /^(.+ > .+) SKIPPED$/;

/** Gradle's test logging: results behind output, skipped tests, and a build that failed although no test did. */
export function gradleReport(log: ToolLog): ToolReport {
  const { text, parser, statuses } = log;
  const said: Said[] = behindOutput(log);
  for (const line of linesWith(text, ' SKIPPED')) {
    const [, title] = outcome.exec(line) ?? [];
    if (title !== undefined && !line.startsWith('>')) {
      said.push(...saidAs(parser, `${title} PASSED`, { outcome: 'skipped', cause: 'equal_names', line }));
    }
  }
  const failedTests = [...statuses].some(([name, status]) => status === 'FAILED' && name !== 'BUILD');
  const build = firstLine(text, /^(?:BUILD FAILED|FAILURE: Build )/m);
  const unread = build === undefined || failedTests ? [] : [{ name: 'the build', line: build }];
  const line = firstLine(text, /^\d+ tests? completed, \d+ failed/m);
  const failed = sumOf(text, /^\d+ tests? completed, (\d+) failed/gm);
  return { said, unread, totals: line === undefined ? undefined : { failed, line } };
}

const resultBehind = /^(.*\S)\s+(\S+(?: > [^>]+)+ (?:PASSED|FAILED)(?: \([\d.]+s\))?)$/;

/** The class begins at the last word before the first arrow. */
function behindOutput({ text, parser }: ToolLog): Said[] {
  const said: Said[] = [];
  for (const line of linesWith(text, ' > ')) {
    const [, output = '', meant] = resultBehind.exec(line) ?? [];
    if (meant === undefined || output.includes(' > ') || line.startsWith('>')) continue;
    for (const [name, status] of parser(meant)) {
      said.push({ name, outcome: status === 'PASSED' ? 'passed' : 'failed', cause: 'output_before_result', line });
    }
  }
  return said;
}
