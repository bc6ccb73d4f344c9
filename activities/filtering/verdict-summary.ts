import type { Ambiguity, AmbiguitySummary } from '../../schemas/ambiguity.ts';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { Verdict } from '../../schemas/verdict.ts';
import type { TestCounts, VerdictSummary } from '../../schemas/verdict-summary.ts';

/** As many names as a person looks at, and as much of each; the verdict itself has them all. */
const namesLimit = 8;
const nameLength = 160;

const detailLength = 1000;

/** Of the first test commands; a task rarely has more than three. */
const exitCodesLimit = 32;

/** Of each cause of doubt. */
const ambiguousLimit = 3;

/** What the ledger holds of a verdict, which lies at `ref`. */
export function summaryOf(verdict: Verdict, ref: ArtifactRef): VerdictSummary {
  const { resolved, reason, detail, fail_to_pass, pass_to_pass, log, exit_codes, suspicious, ambiguous } = verdict;
  return {
    ref,
    resolved,
    reason,
    detail: cut(detail, detailLength),
    fail_to_pass: countsOf(fail_to_pass),
    pass_to_pass: countsOf(pass_to_pass),
    not_passed: [...fail_to_pass.failed, ...pass_to_pass.failed].slice(0, namesLimit).map((name) => cut(name, nameLength)),
    ...(log && { log }),
    exit_codes: exit_codes.slice(0, exitCodesLimit),
    ...(suspicious !== undefined && { suspicious }),
    ...(ambiguous !== undefined && { ambiguous: ambiguous.map(ambiguityInShort) }),
  };
}

function ambiguityInShort({ cause, hides, tests, line }: Ambiguity): AmbiguitySummary {
  const shown = tests.slice(0, ambiguousLimit).map((name) => cut(name, nameLength));
  return { cause, hides, tests: shown, count: tests.length, line: cut(line, nameLength) };
}

function countsOf({ passed, failed }: Verdict['fail_to_pass']): TestCounts {
  return { passed: passed.length, failed: failed.length };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}
