import { nameTable } from '../../../../schemas/name-table.ts';
import { countsIn, linesWith, nameOf, type Outcome, type Said, saidAs, type ToolReport, type ToolLog } from '../tool-report.ts';

const summary = /^(PASSED|FAILED|SKIPPED|ERROR) (\S*\[[^\]]*\s.*)$/;
const outcomes: Record<string, Outcome> = nameTable({ PASSED: 'passed', FAILED: 'failed', SKIPPED: 'skipped', ERROR: 'failed' });
const subtest = /^SUBFAIL(?:ED)?(?:[[(].*?[\])])? (.+::\S+.*)$/;
const verbose = /^(\S+?::[^\s[]+(?:\[.*?\])?) (.*\S)\s*(PASSED|FAILED|ERROR)(?:\s+\[ *\d+%\])?$/;
const lastLine = /^=* ?(?:\d+ [a-z]+(?:, )?)+ in [\d.]+s/gm;

/** pytest's summary: ids with spaces are cut, and subtests fail under a word of their own. */
export function pytestReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  for (const line of linesWith(text, '[')) {
    const [, word = '', id = ''] = summary.exec(line) ?? [];
    const outcome = outcomes[word];
    // A skip of several tests begins with their number in brackets.
    if (outcome === undefined || id.startsWith('[')) continue;
    said.push(...saidAs(parser, line, { outcome, cause: 'cut_name', line }));
  }
  said.push(...failedSubtests({ text, parser }));
  return { said, unread: [], totals: pytestTotals(text) };
}

/** pytest's progress, `id PASSED`: what a test prints may stand before its word. */
export function pytestVerboseReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  for (const line of linesWith(text, '::')) {
    const [, id = '', output = '', word = ''] = verbose.exec(line) ?? [];
    const outcome = outcomes[word];
    if (outcome === undefined || isPlain(output)) continue;
    const name = nameOf(parser, `${id} ${word} [ 10%] in 1s`) ?? nameOf(parser, `${id} ${word}`);
    if (name !== undefined) said.push({ name, outcome, cause: 'output_before_result', line });
  }
  said.push(...failedSubtests({ text, parser }));
  return { said, unread: [], totals: pytestTotals(text) };
}

/** What xdist and the reasons of skips put between id and word. */
function isPlain(output: string): boolean {
  return /^<-|^\(/.test(output);
}

function failedSubtests({ text, parser }: Pick<ToolLog, 'text' | 'parser'>): Said[] {
  const said: Said[] = [];
  for (const line of linesWith(text, 'SUBFAIL')) {
    const [, id] = subtest.exec(line) ?? [];
    if (id !== undefined) said.push(...saidAs(parser, `FAILED ${id}`, { outcome: 'failed', cause: 'unknown_form', line }));
  }
  return said;
}

/** The line at the end of a run. Errors count as failures. */
function pytestTotals(text: string): ToolReport['totals'] {
  const counts = countsIn(text, lastLine);
  return (
    counts && { failed: counts.of('failed') + counts.of('error') + counts.of('errors'), passed: counts.of('passed'), line: counts.line }
  );
}
