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

/**
 * Which tests of a change are to fix and which to keep. `before`: statuses of its tests without the change; `own`: what passes of
 * the base commit's own tests; `after`: what passes with the change. A test that fails before is to fix. One that is missing
 * before was not reached: it is to keep where it passes among the base's own, unless that leaves nothing to fix.
 * Names come normalised, and are given sorted.
 */
export function splitExpected({
  before,
  own,
  after,
}: {
  before: ReadonlyMap<string, string>;
  own: ReadonlySet<string>;
  after: ReadonlySet<string>;
}): ExpectedTests {
  const kept = (name: string) => before.get(name) === 'PASSED';
  const keptByOwn = (name: string) => kept(name) || (!before.has(name) && own.has(name));
  const names = [...after].sort();
  const keeps = names.every(keptByOwn) ? kept : keptByOwn;
  return { FAIL_TO_PASS: names.filter((name) => !keeps(name)), PASS_TO_PASS: names.filter(keeps) };
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
