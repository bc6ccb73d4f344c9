import { describe, expect, it } from 'vitest';
import { retryAfterMs, retryDelayMs } from '../../activities/model/retry.ts';
import { classifyFailure } from '../../activities/model/teacher-failure.ts';

const failure = (status: number | undefined, message: string, code = '') => ({
  status,
  message,
  code,
  retryAfterMs: undefined,
  unreachable: false,
});

describe('a failure', () => {
  it.each([
    [400, "This model's maximum context length is 32768 tokens. However, you requested 40000"],
    [400, "The input (40000 tokens) is longer than the model's context length (32768 tokens)."],
    [400, 'prompt is too long: 210000 tokens > 200000 maximum'],
    [undefined, 'Requested token count exceeds the maximum context length'],
    [413, 'Input exceeds the context window'],
  ])('of status %s saying "%s" is a full context', (status, message) => {
    expect(classifyFailure(failure(status, message))).toEqual({ kind: 'ending', ending: 'context_full' });
  });

  it.each([
    [400, 'The response was filtered', 'content_filter'],
    [403, 'flagged by moderation', ''],
    [451, 'violates our usage policies', ''],
  ])('of status %i saying "%s" is a refusal', (status, message, code) => {
    expect(classifyFailure(failure(status, message, code))).toEqual({ kind: 'ending', ending: 'model_refused' });
  });

  it.each([
    [503, 'overloaded', true],
    [500, 'oops', false],
    [529, 'busy', false],
    [408, 'timeout', false],
    [undefined, 'terminated', false],
  ])('of status %s saying "%s" is tried again, and counts against the teacher when it comes in a row', (status, message, everybody) => {
    const outage = expect.objectContaining({ code: 'teacher_failing', atOnce: false });
    expect(classifyFailure(failure(status, message))).toEqual({ kind: 'outage', outage, everybody });
  });

  it('of a server that wants fewer requests makes all wait', () => {
    expect(classifyFailure(failure(429, 'slow down'))).toEqual({ kind: 'busy' });
  });

  it('without any connection counts against the teacher at once', () => {
    const seen = classifyFailure({ ...failure(undefined, 'connect ECONNREFUSED'), unreachable: true });
    expect(seen).toMatchObject({ kind: 'outage', outage: { code: 'teacher_unreachable', atOnce: true } });
  });

  it.each([
    [402, 'pay', 'teacher_quota'],
    [429, 'You exceeded your current quota: insufficient_quota', 'teacher_quota'],
    [400, 'Your credit balance is too low', 'teacher_quota'],
    [403, 'billing is not set up', 'teacher_quota'],
    [401, 'bad key', 'teacher_unauthorized'],
    [403, 'forbidden', 'teacher_unauthorized'],
    [404, 'no such model', 'teacher_model_missing'],
  ])('of status %i saying "%s" counts against the teacher at once', (status, message, code) => {
    expect(classifyFailure(failure(status, message))).toMatchObject({ kind: 'outage', outage: { code, atOnce: true } });
  });

  it('of status 400 about a field is an error of this request', () => {
    expect(classifyFailure(failure(400, 'unknown field top_q'))).toMatchObject({ kind: 'rejected', code: 'teacher_rejected_request' });
  });
});

describe('the wait before another try', () => {
  const retries = { attempts: 10, initial_seconds: 1, maximum_seconds: 10 };

  it('is drawn from the whole of a ceiling that doubles up to a maximum', () => {
    expect([1, 2, 3, 4, 5, 9].map((attempt) => retryDelayMs(attempt, undefined, retries, 0.5))).toEqual([
      500, 1000, 2000, 4000, 5000, 5000,
    ]);
    expect(retryDelayMs(3, undefined, retries, 0)).toBe(0);
  });

  it('is never shorter than the server asked for', () => {
    expect(retryDelayMs(1, 30_000, retries, 0)).toBe(30_000);
    expect(retryDelayMs(5, 30_000, retries, 0.9)).toBe(31_000);
  });

  it('reads Retry-After as seconds and as a date', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfterMs('1.5', now)).toBe(1500);
    expect(retryAfterMs('Thu, 01 Jan 2026 00:00:20 GMT', now)).toBe(20_000);
    expect(retryAfterMs('Thu, 01 Jan 2025 00:00:20 GMT', now)).toBe(0);
    for (const header of [undefined, null, '', 'soon', '-3']) expect(retryAfterMs(header, now)).toBeUndefined();
  });
});
