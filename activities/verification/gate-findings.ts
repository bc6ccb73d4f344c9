import { type Ambiguity, describeAmbiguity } from '../../schemas/ambiguity.ts';
import type { GateRecord } from '../../schemas/gate.ts';
import type { ReportedProblem } from '../../schemas/reported-problem.ts';
import type { LogOddity } from '../../schemas/verdict.ts';

const hints: Record<Exclude<GateRecord['reason'], 'passed'>, string> = {
  gold_failed: 'run the test commands in the image by hand: the task needs something that it does not get, or its tests are unreliable',
  noop_passed: 'fix FAIL_TO_PASS: it has to name tests that fail without the fix',
  gold_patch_failed: 'check that patch and base_commit belong together',
  test_patch_failed: 'check that test_patch and base_commit belong together',
  test_timeout: 'raise verification.timeout_seconds, or let the test command run less',
  no_tests_parsed: 'check that log_parser reads what the test command prints: tracemill parse-log --parser NAME FILE',
  unknown_parser: 'docs/parsers.md lists the names for install_config.log_parser',
  parser_error: 'give another install_config.log_parser, or a test command with plainer output',
};

/** Why a task did not pass the gate; undefined where it did. */
export function gateProblem({ reason, detail }: GateRecord): ReportedProblem | undefined {
  return reason === 'passed' ? undefined : { code: reason, message: detail, hint: hints[reason] };
}

/** What is odd about the logs of a task's runs, whether it passed or not. */
export function gateRemarks({ runs, ambiguous }: GateRecord): ReportedProblem[] {
  const oddities = new Set(runs.flatMap(({ log_oddities = [] }) => log_oddities));
  return [...[...oddities].sort().map((oddity) => remarks[oddity]), ...ambiguous.map(ambiguityRemark)];
}

const namesShown = 3;

function ambiguityRemark(ambiguity: Ambiguity): ReportedProblem {
  const { cause, tests, line } = ambiguity;
  const names =
    tests.length === 0
      ? ''
      : ` (${tests.slice(0, namesShown).join(', ')}${tests.length > namesShown ? ` and ${tests.length - namesShown} more` : ''})`;
  return {
    code: 'test_log_ambiguous',
    message: `${describeAmbiguity(ambiguity)}${names}${line === '' ? '' : `; the log says: ${line}`}`,
    hint: ambiguityHints[cause] ?? 'verdicts that rest on this are marked; the filter ambiguous_verdict can drop them',
  };
}

const ambiguityHints: Partial<Record<Ambiguity['cause'], string>> = {
  colours: 'let the test command print without colours (NO_COLOR=1, --color=never)',
  output_before_result: 'let the tests print whole lines, or let the test command hide their output',
  directive: 'a skipped test proves nothing: take it out of the expected tests',
};

const remarks: Record<LogOddity, ReportedProblem> = {
  cut: {
    code: 'test_log_cut',
    message: 'the test commands print so much that the middle of the log was dropped; tests that show there only do not count',
    hint: 'let the test commands print less',
  },
  binary: {
    code: 'test_log_binary',
    message: 'the test log holds NUL bytes, or bytes that are not UTF-8 and are read as U+FFFD',
    hint: 'nothing where the task passes the gate; else let the test commands print text',
  },
};
