import { ApplicationFailure } from '@temporalio/common';
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
});
