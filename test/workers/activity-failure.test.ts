import { ApplicationFailure, defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { asActivityFailure } from '../../workers/activity-failure.ts';
import { Problem } from '../../schemas/problem.ts';

describe('asActivityFailure', () => {
  it('passes on how long another try should wait, and what to do', () => {
    const failure = asActivityFailure(new Problem('image_rate_limited', 'too many', { hint: 'log in', retryAfterMs: 90_000 }));
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'image_rate_limited', nonRetryable: false, nextRetryDelay: 90_000, details: ['log in'] });
  });

  it.each([
    ['image_missing', true],
    ['rollout_changed', true],
    ['harness_unknown', true],
    ['image_pull_failed', false],
    ['disk_full', false],
    ['engine_unreachable', false],
  ])('%s is final: %s', (code, nonRetryable) => {
    expect(asActivityFailure(new Problem(code, 'x'))).toMatchObject({ type: code, nonRetryable });
  });

  it.each([
    ['a problem whose cause has causes', new Problem('image_pull_failed', 'ü'.repeat(4000), { hint: 'h'.repeat(4000), cause: deep(5) })],
    ['a defect with a long message', new Error('x'.repeat(9000), { cause: deep(5) })],
  ])('stays below what the server shows of a failure that is tried again: %s', (_, error) => {
    const failure = defaultFailureConverter.errorToFailure(asActivityFailure(error), defaultPayloadConverter);
    // What goes over the wire is shorter than its JSON.
    const json = JSON.stringify(failure, (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value));
    expect(Buffer.byteLength(json)).toBeLessThan(4096);
    expect(failure.message).toMatch(/^(ü+|x+)…$/);
  });

  it('keeps where a defect is', () => {
    expect(asActivityFailure(new TypeError('x is undefined'))).toMatchObject({
      message: 'x is undefined',
      stack: expect.stringMatching(/^\s+at /),
    });
  });
});

/** An error with so many causes, each with a long message. */
function deep(causes: number): Error {
  return new Error('nothing answers '.repeat(50), causes === 0 ? {} : { cause: deep(causes - 1) });
}
