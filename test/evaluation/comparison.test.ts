import { describe, expect, it } from 'vitest';
import { compareVerdicts } from '../../activities/evaluation/comparison.ts';
import type { GradedInstance } from '../../activities/evaluation/graders/grader.ts';
import type { Verdict } from '../../schemas/verdict.ts';

const graded = (verdict: GradedInstance['verdict'], more: Partial<GradedInstance> = {}): GradedInstance => ({
  verdict,
  detail: '',
  tests: null,
  log: null,
  ...more,
});
const own = (resolved: Verdict['resolved'], reason: Verdict['reason'] = 'tests', more: Partial<Verdict> = {}): Verdict => ({
  resolved,
  reason,
  detail: 'why',
  fail_to_pass: { passed: [], failed: [] },
  pass_to_pass: { passed: [], failed: [] },
  exit_codes: [],
  duration_ms: 1,
  ...more,
});

function compare(pairs: Record<string, [GradedInstance, Verdict | undefined]>, without = new Map<string, string>()) {
  const names = Object.keys(pairs);
  const theirs = new Map(names.flatMap((name) => (pairs[name] === undefined ? [] : [[name, pairs[name][0]] as const])));
  const ours = new Map(names.flatMap((name) => (pairs[name]?.[1] === undefined ? [] : [[name, pairs[name][1]] as const])));
  return compareVerdicts(theirs, ours, without);
}

describe('compareVerdicts', () => {
  it('counts what agrees, by cause', () => {
    expect(
      compare({
        a: [graded('resolved'), own(1)],
        b: [graded('unresolved'), own(0)],
        c: [graded('empty_patch'), own(0, 'empty_patch')],
        d: [graded('patch_apply_failed'), own(0, 'patch_apply_failed')],
        e: [graded('test_timeout'), own(0, 'test_timeout')],
      }),
    ).toEqual({ compared: 5, agreed: 5, disagreements: [], other_causes: [], not_compared: [] });
  });

  it('says why verdicts differ, in the order of the instances', () => {
    const restored = own(0, 'tests', { restored: ['conftest.py'], fail_to_pass: { passed: [], failed: ['t1', 't2', 't3', 't4'] } });
    const { disagreements, other_causes } = compare({
      d: [graded('unresolved', { detail: 'no result' }), own(1)],
      c: [graded('resolved'), own(0, 'tests_altered', { detail: 'every test passed, but conftest.py changed' })],
      b: [graded('unresolved', { tests: { passed: [], failed: ['flaky'] } }), own(1, 'tests', { runs: 3 })],
      a: [graded('resolved'), restored],
      e: [graded('unresolved', { detail: 'x' }), own(0, 'test_timeout')],
    });
    expect(disagreements.map(({ instance_id, grader, ours, reason }) => [instance_id, grader, ours, reason])).toEqual([
      [
        'a',
        'resolved',
        'unresolved',
        'tests that pass there do not pass here: t1, t2, t3 and 1 more; files of the patch were put back here before the tests: conftest.py',
      ],
      ['b', 'unresolved', 'resolved', 'tests that fail there pass here: flaky; here they passed in one of 3 runs'],
      ['c', 'resolved', 'unresolved', 'here every test passed, but conftest.py changed'],
      ['d', 'unresolved', 'resolved', 'no result'],
    ]);
    expect(other_causes).toEqual([{ instance_id: 'e', grader: 'unresolved', ours: 'test_timeout', reason: 'there: x; here: why' }]);
  });

  it('names what could not be compared', () => {
    const { compared, not_compared } = compare(
      {
        a: [graded('not_run'), undefined],
        b: [graded('infra_error', { detail: 'no disk' }), own(0)],
        c: [graded('resolved'), own(-1, 'unknown_parser')],
        d: [graded('resolved'), undefined],
        e: [graded('resolved'), undefined],
      },
      new Map([['d', 'no parser here']]),
    );
    expect(compared).toBe(0);
    expect(not_compared.map(({ reason }) => reason)).toEqual([
      'the rollout handed nothing in',
      'the grader has no answer: no disk',
      'our verification has no answer: why',
      'no parser here',
      'our verification did not run',
    ]);
  });
});
