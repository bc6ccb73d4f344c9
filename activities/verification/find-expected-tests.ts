import { Problem } from '../../schemas/problem.ts';
import type { Task } from '../../schemas/task.ts';
import { type ExpectedTests, passedInAny, splitExpected } from './expected-tests.ts';
import { parseLog } from './parse-log.ts';
import type { Statuses } from './parsers/parser.ts';
import { normaliseStatuses } from './parsers/test-name.ts';
import { runTests, type TestRunOptions } from './test-run.ts';

/**
 * The expected tests of a task, found by running the test patch without and with the gold patch, each in a fresh container.
 * Where tests are missing without it, since what they share does not compile, a third run of the base commit with its own tests
 * says which of them it keeps. Names are normalised, as gate and verification compare them. Throws `Problem` no_failing_test when
 * the gold patch makes no test pass, and those of {@link runTests}.
 */
export async function findExpectedTests(options: Omit<TestRunOptions, 'modelPatch'>): Promise<ExpectedTests> {
  const { task } = options;
  const before = await run(options, null);
  const after = await run(options, task.patch);
  const missing = [...after.passed].some((name) => !before.statuses.has(name));
  const own = missing ? (await run({ ...options, task: { ...task, test_patch: '' } }, null)).passed : new Set<string>();
  const expected = splitExpected({ before: before.statuses, own, after: after.passed });
  if (expected.FAIL_TO_PASS.length > 0) return expected;
  const said = after.passed.size === 0 ? `; with it they print:\n${endOf(after.log)}` : '';
  const passedBefore = passedInAny([before.statuses]).size;
  throw new Problem('no_failing_test', `${task.instance_id}: the gold patch makes no test pass that failed before${said}`, {
    hint: `${passedBefore} tests passed before and ${after.passed.size} after; check the test commands and the log parser`,
  });
}

async function run(
  options: Omit<TestRunOptions, 'modelPatch'>,
  modelPatch: Task['patch'] | null,
): Promise<{ statuses: Statuses; passed: Set<string>; log: string }> {
  const { task } = options;
  const outcome = await runTests({ ...options, modelPatch });
  if (outcome.kind !== 'ran') throw new Problem('bad_task', `${task.instance_id}: ${outcome.kind}: ${outcome.detail}`);
  const parsed = parseLog(task.install_config.log_parser, outcome.log);
  if (!parsed.ok) throw new Problem('bad_task', `${task.instance_id}: ${parsed.reason}: ${parsed.detail}`);
  const statuses = normaliseStatuses(parsed.statuses);
  return { statuses, passed: passedInAny([statuses]), log: outcome.log };
}

function endOf(log: string): string {
  return log.trim().split('\n').slice(-20).join('\n').slice(-3000);
}
