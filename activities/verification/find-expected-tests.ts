import { Problem } from '../../schemas/problem.ts';
import type { Task } from '../../schemas/task.ts';
import { type ExpectedTests, passedInAny } from './expected-tests.ts';
import { parseLog } from './parse-log.ts';
import { normaliseStatuses } from './parsers/test-name.ts';
import { runTests, type TestRunOptions } from './test-run.ts';

/**
 * The expected tests of a task, found by running the test patch without and with the gold patch, each in
 * a fresh container. Names are normalised, as gate and verification compare them. Throws `Problem` no_failing_test when the gold patch makes no test pass, and those of
 * {@link runTests}.
 */
export async function findExpectedTests(options: Omit<TestRunOptions, 'modelPatch'>): Promise<ExpectedTests> {
  const { task } = options;
  const before = (await passing(options, null)).names;
  const { names: after, log } = await passing(options, task.patch);
  const expected = {
    FAIL_TO_PASS: [...after].filter((name) => !before.has(name)).sort(),
    PASS_TO_PASS: [...after].filter((name) => before.has(name)).sort(),
  };
  if (expected.FAIL_TO_PASS.length > 0) return expected;
  const said = after.size === 0 ? `; with it they print:\n${endOf(log)}` : '';
  throw new Problem('no_failing_test', `${task.instance_id}: the gold patch makes no test pass that failed before${said}`, {
    hint: `${before.size} tests passed before and ${after.size} after; check the test commands and the log parser`,
  });
}

async function passing(
  options: Omit<TestRunOptions, 'modelPatch'>,
  modelPatch: Task['patch'] | null,
): Promise<{ names: Set<string>; log: string }> {
  const { task } = options;
  const outcome = await runTests({ ...options, modelPatch });
  if (outcome.kind !== 'ran') throw new Problem('bad_task', `${task.instance_id}: ${outcome.kind}: ${outcome.detail}`);
  const parsed = parseLog(task.install_config.log_parser, outcome.log);
  if (!parsed.ok) throw new Problem('bad_task', `${task.instance_id}: ${parsed.reason}: ${parsed.detail}`);
  return { names: passedInAny([normaliseStatuses(parsed.statuses)]), log: outcome.log };
}

function endOf(log: string): string {
  return log.trim().split('\n').slice(-20).join('\n').slice(-3000);
}
