import { describe, expect, it } from 'vitest';
import { splitExpected } from '../../activities/verification/expected-tests.ts';

const split = (before: Record<string, string>, own: string[], after: string[]) =>
  splitExpected({ before: new Map(Object.entries(before)), own: new Set(own), after: new Set(after) });

describe('splitExpected', () => {
  it('takes a test that fails before as one to fix, whatever the base’s own of that name did', () => {
    expect(split({ a: 'FAILED', b: 'PASSED' }, ['a', 'b'], ['b', 'a'])).toEqual({ FAIL_TO_PASS: ['a'], PASS_TO_PASS: ['b'] });
  });

  it('keeps a test that was not reached before where it passes among the base’s own', () => {
    expect(split({}, ['old'], ['old', 'new'])).toEqual({ FAIL_TO_PASS: ['new'], PASS_TO_PASS: ['old'] });
    // One package of several that did not compile.
    expect(split({ other: 'PASSED' }, ['old', 'other'], ['new', 'old', 'other'])).toEqual({
      FAIL_TO_PASS: ['new'],
      PASS_TO_PASS: ['old', 'other'],
    });
  });

  it('leaves the tests that were not reached to fix where no other is', () => {
    expect(split({ far: 'PASSED' }, ['changed', 'far'], ['changed', 'far'])).toEqual({ FAIL_TO_PASS: ['changed'], PASS_TO_PASS: ['far'] });
  });

  it('counts a skipped test as no test to keep', () => {
    expect(split({ a: 'SKIPPED', b: 'FAILED' }, ['a'], ['a', 'b'])).toEqual({ FAIL_TO_PASS: ['a', 'b'], PASS_TO_PASS: [] });
  });
});
