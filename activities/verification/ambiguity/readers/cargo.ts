import { nameTable } from '../../../../schemas/name-table.ts';
import { countsIn, type Outcome, type Said, saidAs, type ToolReport, type ToolLog } from '../tool-report.ts';

const testLine = /^test (.+?) \.\.\. ?(.*)$/;
const words: Record<string, Outcome> = nameTable({ ok: 'passed', FAILED: 'failed', ignored: 'skipped' });
const word = /^(ok|FAILED|ignored)(?:, .*| <[\d.]+\w+>)?$/;
const wordAfterOutput = /(ok|FAILED|ignored)(?: <[\d.]+\w+>)?$/;

/** libtest: results behind output or before a time, and tests whose names have spaces, which the parser never sees. */
export function cargoReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  const unread: ToolReport['unread'] = [];
  let readPassed = 0;
  let readFailed = 0;
  for (const { name, rest, line } of testLines(text)) {
    const plain = word.exec(rest)?.[1];
    const found = plain ?? wordAfterOutput.exec(rest)?.[1];
    const outcome = words[found ?? ''];
    if (found === undefined || outcome === undefined) continue;
    if (outcome === 'passed') readPassed += 1;
    if (outcome === 'failed') readFailed += 1;
    if (/\s/.test(name)) {
      if (outcome === 'failed') unread.push({ name, line });
    } else if (rest !== found) {
      const cause = plain === undefined ? 'output_before_result' : 'unknown_form';
      const meant = outcome === 'failed' ? 'FAILED' : 'ok';
      said.push(...saidAs(parser, `test ${name} ... ${meant}`, { outcome, cause, line }));
    }
  }
  const counts = countsIn(text, /^test result: \w+\. \d+ passed; \d+ failed;/gm);
  const totals = counts && { failed: counts.of('failed'), passed: counts.of('passed'), line: counts.line };
  return { said, unread, totals, read: { failed: readFailed, passed: readPassed } };
}

interface TestLine {
  name: string;
  rest: string;
  line: string;
}

/** A test that prints whole lines, run with `--nocapture`, has its word on a line of its own. */
function* testLines(text: string): Generator<TestLine> {
  let open: TestLine | undefined;
  for (const line of linesOfTests(text)) {
    const [, name, rest = ''] = testLine.exec(line) ?? [];
    if (name !== undefined) {
      if (open !== undefined) yield open;
      open = { name, rest, line };
    } else if (open !== undefined && open.rest !== 'ok' && !wordAfterOutput.test(open.rest)) {
      open = { ...open, rest: `${open.rest} ${line}`, line: open.line };
    }
    if (open !== undefined && word.test(open.rest)) {
      yield open;
      open = undefined;
    }
  }
  if (open !== undefined) yield open;
}

/** The lines of tests, and those that are a word alone. */
function linesOfTests(text: string): string[] {
  return (text.match(/^[ \t]*(?:test .* \.\.\. ?.*|ok|FAILED|ignored)[ \t]*$/gm) ?? []).map((line) => line.trim());
}
