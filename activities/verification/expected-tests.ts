import type { Task } from '../../schemas/task.ts';
import type { Verdict } from '../../schemas/verdict.ts';
import { normaliseName } from './parsers/test-name.ts';

/** The tests that a verdict on a task depends on. */
export type ExpectedTests = Pick<Task, 'FAIL_TO_PASS' | 'PASS_TO_PASS'>;

/** The expected tests less those that the gate set aside. */
export function withoutExcluded(task: ExpectedTests, excluded: readonly string[]): ExpectedTests {
  const set = new Set(excluded);
  return { FAIL_TO_PASS: task.FAIL_TO_PASS, PASS_TO_PASS: task.PASS_TO_PASS.filter((name) => !set.has(name)) };
}

/** Names whose status is exactly PASSED in one run at least. Runs come with normalised names. */
export function passedInAny(runs: readonly ReadonlyMap<string, string>[]): Set<string> {
  const passed = new Set<string>();
  for (const run of runs) for (const [name, status] of run) if (status === 'PASSED') passed.add(name);
  return passed;
}

/** The subset rule: resolved when every expected test is among the passed ones, by normalised name. Absent is not passed. */
export function checkExpected(
  expected: ExpectedTests,
  passed: ReadonlySet<string>,
): Pick<Verdict, 'resolved' | 'fail_to_pass' | 'pass_to_pass'> {
  const fail_to_pass = split(expected.FAIL_TO_PASS, passed);
  const pass_to_pass = split(expected.PASS_TO_PASS, passed);
  const resolved = fail_to_pass.failed.length === 0 && pass_to_pass.failed.length === 0 && fail_to_pass.passed.length > 0;
  return { resolved: resolved ? 1 : 0, fail_to_pass, pass_to_pass };
}

function split(names: readonly string[], passed: ReadonlySet<string>): { passed: string[]; failed: string[] } {
  const result: { passed: string[]; failed: string[] } = { passed: [], failed: [] };
  for (const name of names) (passed.has(normaliseName(name)) ? result.passed : result.failed).push(name);
  return result;
}
