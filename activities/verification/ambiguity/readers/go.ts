import { nameTable } from '../../../../schemas/name-table.ts';
import { linesWith, type Outcome, type Said, saidAs, type ToolReport, type ToolLog } from '../tool-report.ts';

const outcomes: Record<string, Outcome> = nameTable({ PASS: 'passed', FAIL: 'failed', SKIP: 'skipped' });
const result = /--- (PASS|FAIL|SKIP): \S+(?: \S+)* \(\d+(?:\.\d+)?s\)$/;
const landmark = /^(?:[ \t]*--- FAIL: |.*\S--- FAIL: |(?:ok {2}|\?   |FAIL)\t\S+)/gm;

/** A test that prints without a line end takes its result's line; a package that fails without a failed test is named apart. */
export function goReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  for (const line of linesWith(text, '--- ')) {
    const found = line.startsWith('--- ') ? null : result.exec(line);
    const outcome = outcomes[found?.[1] ?? ''];
    if (found !== null && outcome !== undefined) {
      said.push(...saidAs(parser, found[0], { outcome, cause: 'output_before_result', line }));
    }
  }
  return { said, unread: failedPackages(text) };
}

/** Packages whose failure no failed test explains: they do not build, panic, or end by themselves. */
function failedPackages(text: string): ToolReport['unread'] {
  const failed: ToolReport['unread'] = [];
  let explained = false;
  for (const [line] of text.matchAll(landmark)) {
    if (line.includes('--- FAIL: ')) {
      explained = true;
      continue;
    }
    if (line.startsWith('FAIL') && !explained) failed.push({ name: `package ${line.slice(5)}`, line });
    explained = false;
  }
  return failed;
}
