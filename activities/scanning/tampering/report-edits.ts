import type { Found } from './change.ts';

const longest = 65_536;
/** What a program does to the failures that a report tells of. */
const erases =
  /\.set\(\s*["'](?:failures|errors|tests?_?failed|status|result|outcome)["']\s*,\s*(?:str\()?["']?(?:0|pass\w*|success|ok)|\[["'](?:failures|errors|numFailed\w*|failed|num_?failed|status|outcome|result|success)["']\]\s*=\s*["']?(?:0|pass\w*|[Tt]rue|success|ok|\[\])|\.(?:numFailed\w+|failures|failed|success|status)\s*=(?!=)\s*["']?(?:0|pass\w*|true|success|\[\])|\b(?:find|findall|iter|xpath|select|getElementsByTagName)\(\s*["'][^"'\n]*\b(?:failure|error)\b[^"'\n]*["']\s*\)[\s\S]{0,120}?\.(?:remove|removeChild|delete|decompose|unlink|clear)\w*\s*\(/;
const report =
  /["'`]([^"'`\n]*(?:junit[\w.-]*|TEST-[\w.*-]+|(?:test|pytest|surefire|unit|e2e|jest|mocha|ctest|cargo|go)[\w-]*[-_.]?(?:results?|reports?|output|summary)[\w.-]*|nosetests|xunit[\w.-]*|ctrf[\w.-]*|(?:surefire-reports|test-results|TestResults|test-reports|junit-reports)\/[^"'`\n]*|results?|report)\.(?:xml|json|trx|tap|html|txt))["'`]/i;

/** A report of tests from which a program takes the failures, or in which it counts them as none. */
export function reportEdited(code: string): { path: string; found: Found } | undefined {
  if (code.length > longest || !/write|dump|save|put_contents/.test(code)) return undefined;
  const path = report.exec(code)?.[1];
  const erased = path === undefined ? null : erases.exec(code);
  if (path === undefined || erased === null) return undefined;
  return {
    path,
    found: { kind: 'report_forged', severity: 'violation', evidence: `takes failures out of ${path}: ${erased[0].slice(0, 120)}` },
  };
}
