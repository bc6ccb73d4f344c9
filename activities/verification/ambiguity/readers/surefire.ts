import { firstLine, type Outcome, type Said, saidAs, type ToolReport, type ToolLog } from '../tool-report.ts';

const landmark = /^.*?(?:Running ([A-Za-z0-9_$.]+)|Tests run: *(\d+), *Failures: *(\d+), *Errors: *(\d+), *Skipped: *(\d+)(.*))$/gm;
const heading = /^(?:\[INFO\]\s+)?Running /;

/** Surefire: a class whose heading stands behind output gets no status where its summary does not name it. */
export function surefireReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  const read = { failed: 0, passed: 0 };
  const totals = { failed: 0, passed: 0 };
  let hidden: { className: string; line: string } | undefined;
  for (const match of text.matchAll(landmark)) {
    const [raw, className, tests = '0', failures = '0', errors = '0', skipped = '0', rest = ''] = match;
    if (className !== undefined) {
      hidden = heading.test(raw.trim()) ? undefined : { className, line: raw.trim() };
      continue;
    }
    const failed = Number(failures) + Number(errors);
    const sum = rest.includes('Time elapsed') ? read : totals;
    sum.failed += failed;
    sum.passed += Number(tests) - failed - Number(skipped);
    if (hidden !== undefined && rest.includes('Time elapsed') && !/ in \S+$/.test(rest)) {
      const outcome: Outcome = failed > 0 ? 'failed' : Number(skipped) > 0 ? 'skipped' : 'passed';
      const meant = `Running ${hidden.className}\nTests run: 1, Failures: 0, Errors: 0, Skipped: 0`;
      said.push(...saidAs(parser, meant, { outcome, cause: 'output_before_result', line: hidden.line }));
    }
    hidden = undefined;
  }
  const line = firstLine(text, /Tests run: *\d+, *Failures: *\d+, *Errors: *\d+, *Skipped: *\d+$/m);
  return { said, unread: [], ...(line !== undefined && { totals: { failed: totals.failed, line }, read }) };
}
