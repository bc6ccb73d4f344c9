import { describe, expect, it } from 'vitest';
import { retryAfterMs, retryDelayMs } from '../../../activities/model/retry.ts';
import { classifyFailure } from '../../../activities/model/failure/classify-failure.ts';

const failure = (status: number | undefined, message: string, code = '') => ({
  status,
  message,
  code,
  retryAfterMs: undefined,
  unreachable: false,
});

describe('a failure', () => {
  it.each([
    [400, 'The response was filtered', 'content_filter'],
    [403, 'flagged by moderation', ''],
    [451, 'violates our usage policies', ''],
    [400, 'Input data may contain inappropriate content.', 'data_inspection_failed'],
    [500, '<400> InternalError.Algo.DataInspectionFailed: Output data may contain inappropriate content.', ''],
    [400, 'Content Exists Risk', 'invalid_request_error'],
    [400, '系统检测到输入或生成内容可能包含不安全或敏感内容，请您避免输入易产生敏感内容的提示语', '1301'],
    [undefined, 'output new_sensitive (1027)', '1027'],
    [422, 'input new_sensitive (1026)', 'unprocessable_entity_error'],
    [400, 'The request could not be processed because the input text includes sensitive content', 'InputTextRiskDetection'],
    [400, 'The request failed because the input text may contain sensitive information.', 'InputTextSensitiveContentDetected'],
    [400, 'The request was rejected because it was considered high risk', 'content_filter'],
    [400, 'Invalid prompt: your prompt was flagged as potentially violating our usage policy.', 'invalid_prompt'],
    [400, "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", 'content_filter'],
    [403, 'Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO', ''],
    [421, 'Content moderation and blocking', 'content_filter'],
    [451, 'The content you provided or machine outputted is blocked.', ''],
    [400, 'Your request contains prohibited content', ''],
  ])('of status %s saying "%s" is a refusal', (status, message, code) => {
    expect(classifyFailure(failure(status, message, code))).toEqual({ kind: 'ending', ending: 'model_refused' });
  });

  it.each([
    [503, 'overloaded', true],
    [500, 'oops', false],
    [529, 'busy', false],
    [408, 'timeout', false],
    [undefined, 'terminated', false],
    [500, 'the moderation service does not answer', false],
    [undefined, 'the engine died', false],
  ])('of status %s saying "%s" is tried again, and counts against the teacher when it comes in a row', (status, message, everybody) => {
    const outage = expect.objectContaining({ code: 'teacher_failing', atOnce: false });
    expect(classifyFailure(failure(status, message))).toEqual({ kind: 'outage', outage, everybody });
  });

  it('of a server that wants fewer requests makes all wait', () => {
    expect(classifyFailure(failure(429, 'slow down'))).toEqual({ kind: 'busy' });
  });

  it.each([
    [undefined, 'rate limit exceeded(RPM)', '1002'],
    [400, 'Too many tokens, please wait before trying again.', 'ThrottlingException'],
    [503, 'Rate limit reached', ''],
    [
      429,
      'Rate limit reached for model `k` on tokens per minute (TPM): Limit 10000, Used 9000, Requested 2000. Please try again in 5s. Need more? https://example.test/settings/billing',
      'rate_limit_exceeded',
    ],
    [429, 'You exceeded your current quota, rate limit of 10 RPM. Please retry in 34.5s.', 'RESOURCE_EXHAUSTED'],
  ])('of status %s saying "%s" makes all wait, whatever else it mentions', (status, message, code) => {
    expect(classifyFailure(failure(status, message, code))).toEqual({ kind: 'busy' });
  });

  it('of a request that alone is more than the account may send in a minute is an error of this request, which says so', () => {
    const message =
      'Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 41000. The input or output tokens must be reduced.';
    for (const status of [413, 429]) {
      const kind = { kind: 'rejected', hint: expect.stringContaining('in a minute') };
      expect(classifyFailure(failure(status, message, 'rate_limit_exceeded'))).toMatchObject(kind);
    }
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
    [undefined, 'insufficient balance', 'teacher_quota'],
    [429, '您的账户已欠费，请充值后重试', 'teacher_quota'],
    [429, 'Insufficient balance or no resource package. Please recharge.', 'teacher_quota'],
    [400, 'Access denied, please make sure your account is in good standing. Arrearage', 'teacher_quota'],
    [403, 'The request failed because your account has an overdue balance.', 'teacher_quota'],
    [403, 'Sorry, your account balance is insufficient', 'teacher_quota'],
    [400, 'API key not valid. Please pass a valid API key.', 'teacher_unauthorized'],
    [400, 'Incorrect API key provided: sk-1***9. You can find your API key at https://example.test/keys.', 'teacher_unauthorized'],
    [undefined, 'login fail: Please carry the API secret key', 'teacher_unauthorized'],
    [403, 'Your account has been suspended for violating our usage policies', 'teacher_unauthorized'],
    [400, 'Model Not Exist', 'teacher_model_missing'],
    [400, 'qwen/none is not a valid model ID', 'teacher_model_missing'],
    [400, 'The model `none` does not exist.', 'teacher_model_missing'],
    [404, 'No endpoints found matching your data policy', 'teacher_model_missing'],
    [308, 'it points to https://example.test/v2', 'teacher_model_missing'],
  ])('of status %s saying "%s" counts against the teacher at once', (status, message, code) => {
    expect(classifyFailure(failure(status, message))).toMatchObject({ kind: 'outage', outage: { code, atOnce: true } });
  });

  it.each([
    'unknown field top_q',
    'max_tokens is too large: 100000. This model supports at most 16384 completion tokens',
    '`tool calling` is not supported with this model',
    'invalid function arguments json string, tool_call_id: call_1',
  ])('of status 400 saying "%s" is an error of this request', (message) => {
    expect(classifyFailure(failure(400, message))).toMatchObject({ kind: 'rejected', code: 'teacher_rejected_request' });
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
