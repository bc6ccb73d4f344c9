import { firstLine, linesWith, type Said, saidAs, sumOf, type ToolReport, type ToolLog } from '../tool-report.ts';

const outcome = /^(.+ > .+) SKIPPED$/;

/** Gradle's test logging: skipped tests, and a build that failed although no test did. */
export function gradleReport({ text, parser, statuses }: ToolLog): ToolReport {
  const said: Said[] = [];
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
