import { describe, expect, it } from 'vitest';
import { normaliseName, normaliseStatuses } from '../../../activities/verification/parsers/test-name.ts';

describe('normaliseName', () => {
  it.each([
    ['a [1.34 ms]', 'a'],
    ['a [ 5S ] ', 'a'],
    ['a (12ms)', 'a'],
    ['a ( 1.2 s )\n', 'a'],
    ['AES in 1.2 msec in 3 SEC all ok', 'AES all ok'],
    ['in 3 seconds', 'in 3 seconds'],
    ['waits in 3 seconds', 'waits in 3 seconds'],
    ['a 5ms', 'a 5ms'],
    ['a (5 ms) b', 'a (5 ms) b'],
    ['a (2s) [3s]', 'a'],
    ['a [3s] (2s)', 'a [3s]'],
    ['\x1fa\x85', 'a'],
    ['[1]', '[1]'],
  ])('%j becomes %j', (name, normalised) => {
    expect(normaliseName(name)).toBe(normalised);
  });

  it('keeps the last status of names that fall together', () => {
    const statuses = new Map([
      ['a (1ms)', 'FAILED'],
      ['b', 'PASSED'],
      ['a (2ms)', 'PASSED'],
    ]);
    expect([...normaliseStatuses(statuses)]).toEqual([
      ['a', 'PASSED'],
      ['b', 'PASSED'],
    ]);
  });
});
