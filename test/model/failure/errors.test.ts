import { describe, expect, it } from 'vitest';
import { classifyFailure } from '../../../activities/model/failure/classify-failure.ts';
import { errorBeside } from '../../../activities/model/failure/error-beside.ts';
import { errorOfStatus } from '../../../activities/model/failure/error-of-status.ts';
import type { ServerError } from '../../../activities/model/failure/server-error.ts';

const kindOf = ({ status, code, message, retryAfterMs }: ServerError) =>
  classifyFailure({ status, code, message, retryAfterMs, unreachable: false });

describe('an error under a bad status', () => {
  it.each([
    [
      'OpenAI',
      400,
      '{"error":{"message":"no such field","type":"invalid_request_error","param":null,"code":"bad"}}',
      '400 no such field',
      'bad invalid_request_error',
    ],
    [
      'vLLM',
      400,
      '{"object":"error","message":"no such field","type":"BadRequestError","param":null,"code":400}',
      '400 no such field',
      '400 BadRequestError',
    ],
    [
      'Google',
      400,
      '[{"error":{"code":400,"message":"no such field","status":"INVALID_ARGUMENT","details":[{"reason":"BAD","retryDelay":"3s"}]}}]',
      '400 no such field',
      '400 INVALID_ARGUMENT BAD',
    ],
    ['TGI, Ollama', 422, '{"error":"no such field","error_type":"validation"}', '422 no such field', 'validation'],
    [
      'FastAPI',
      422,
      '{"detail":[{"type":"extra_forbidden","loc":["body","x"],"msg":"no such field","input":"This model\'s maximum context length is 3 tokens"}]}',
      '422 no such field',
      'extra_forbidden',
    ],
    ['FastAPI, a text', 400, '{"detail":"no such field"}', '400 no such field', ''],
    ['Baidu', 400, '{"error_code":336003,"error_msg":"no such field"}', '400 no such field', '336003'],
    ['Cloudflare', 400, '{"success":false,"errors":[{"code":5004,"message":"no such field"}]}', '400 no such field', '5004'],
    ['SiliconFlow', 400, '{"code":20012,"message":"no such field","data":null}', '400 no such field', '20012'],
    [
      'Anthropic',
      400,
      '{"type":"error","error":{"type":"invalid_request_error","message":"no such field"},"request_id":"r"}',
      '400 no such field',
      'error invalid_request_error',
    ],
    [
      'Azure',
      400,
      '{"error":{"message":"no such field","code":"a","innererror":{"code":"b","content_filter_result":{"hate":{"filtered":true}}}}}',
      '400 no such field',
      'a b',
    ],
    [
      'OpenRouter',
      400,
      '{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\\"error\\":{\\"message\\":\\"no such field\\",\\"code\\":\\"bad\\"}}","provider_name":"X"}}}',
      '400 Provider returned error: no such field',
      '400 bad',
    ],
    [
      'a proxy',
      502,
      '<html><head><title>502 Bad Gateway</title><style>a{}</style></head><body><h1>nginx</h1></body></html>',
      '502 502 Bad Gateway nginx',
      '',
    ],
    ['a text', 500, 'no such field', '500 no such field', ''],
    ['nothing', 500, '', '500 without a word', ''],
    ['JSON that says nothing', 500, '{"a":1}', '500 without a word', ''],
  ])('is read in the form of %s', (_server, status, body, message, code) => {
    expect(errorOfStatus(status, body, undefined)).toMatchObject({ status, message, code });
  });

  it('asks for as long a wait as header or body say', () => {
    const body = '{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"34.5s"}]}}';
    expect(errorOfStatus(429, body, undefined).retryAfterMs).toBe(34_500);
    expect(errorOfStatus(429, body, 1000).retryAfterMs).toBe(1000);
  });

  it('repeats no more of a body than people read', () => {
    expect(errorOfStatus(400, JSON.stringify({ error: { message: 'x'.repeat(100_000) } }), undefined).message.length).toBeLessThan(2100);
  });
});

describe('an error under a good status', () => {
  it.each([
    ['OpenAI’s form', { error: { message: 'no credit', code: 'insufficient_quota' } }, 402, 'teacher_quota'],
    ['a number in it', { error: { message: 'slow down', code: 503 } }, 503, 'teacher_failing'],
    ['a number as text', { error: { message: 'wrong', type: 'None', param: 'None', code: '401' } }, 401, 'teacher_unauthorized'],
    ['a text', { error: 'model runner has stopped' }, undefined, 'teacher_failing'],
    ['MiniMax, no credit', { choices: null, base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }, 402, 'teacher_quota'],
    ['MiniMax, no key', { choices: [], base_resp: { status_code: 2049, status_msg: 'invalid api key' } }, 401, 'teacher_unauthorized'],
    ['MiniMax, inside', { base_resp: { status_code: 1033, status_msg: 'system error' } }, 500, 'teacher_failing'],
    ['GLM, no credit', { error: { code: '1113', message: '您的账户已欠费，请充值后重试' } }, 402, 'teacher_quota'],
    ['GLM, no model', { error: { code: '1211', message: '模型不存在，请检查模型代码' } }, 404, 'teacher_model_missing'],
    ['Anthropic, busy', { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 503, 'teacher_failing'],
    [
      'OpenRouter, beside a choice',
      { choices: [{ delta: { content: '' }, finish_reason: 'error', error: { code: 502, message: 'Provider disconnected' } }] },
      502,
      'teacher_failing',
    ],
    [
      'OpenRouter, with choices',
      { error: { code: 402, message: 'Insufficient credits' }, choices: [{ delta: { content: '' }, finish_reason: 'error' }] },
      402,
      'teacher_quota',
    ],
    ['DashScope', { code: 'InvalidApiKey', message: 'Invalid API-key provided.', request_id: 'r' }, 401, 'teacher_unauthorized'],
    [
      'Cloudflare',
      { success: false, errors: [{ code: 10000, message: 'Authentication error' }], result: null },
      undefined,
      'teacher_unauthorized',
    ],
    ['a list', [{ error: { code: 503, message: 'unavailable', status: 'UNAVAILABLE' } }], 503, 'teacher_failing'],
  ])('is seen in %s', (_server, answer, status, code) => {
    const error = errorBeside(answer);
    expect(error).toMatchObject({ status });
    expect(error && kindOf(error)).toMatchObject({ kind: 'outage', outage: { code } });
  });

  it.each([
    [
      'vLLM',
      {
        object: 'error',
        message: "This model's maximum context length is 100 tokens. However, you requested 200",
        type: 'BadRequestError',
        code: 400,
      },
      'context_full',
    ],
    [
      'MiniMax',
      { choices: null, base_resp: { status_code: 2013, status_msg: 'invalid params, context window exceeds limit (2013)' } },
      'context_full',
    ],
    [
      'LiteLLM',
      {
        error: {
          message: 'litellm.BadRequestError: OpenAIException - {"error":{"message":"prompt is too long: 3 tokens > 2 maximum"}}',
          code: '400',
        },
      },
      'context_full',
    ],
    ['MiniMax, the filter', { base_resp: { status_code: 1027, status_msg: 'output new_sensitive' } }, 'model_refused'],
    ['GLM, the filter', { error: { code: '1301', message: 'Input or output may contain unsafe or sensitive content.' } }, 'model_refused'],
  ])('ends the rollout in the words of %s', (_server, answer, ending) => {
    const error = errorBeside(answer);
    expect(error && kindOf(error)).toEqual({ kind: 'ending', ending });
  });

  it.each([
    ['a piece', { id: 'x', choices: [{ index: 0, delta: { content: 'error' } }] }],
    ['counts alone', { choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }],
    ['what a filter found', { choices: [], prompt_filter_results: [{ content_filter_results: {} }] }],
    ['a sign of life', { type: 'ping' }],
    ['an empty error', { error: null, choices: [{ delta: { content: 'a' } }] }],
    ['an error without anything', { error: {}, choices: [{ delta: { content: 'a' } }] }],
    ['a code for no error', { error: { code: 0, message: '' }, choices: [{ delta: { content: 'a' } }] }],
    ['MiniMax, all is well', { base_resp: { status_code: 0, status_msg: '' }, choices: [{ delta: { content: 'a' } }] }],
    ['a code beside an answer', { code: 0, message: 'success', choices: [{ message: { content: 'a' } }] }],
  ])('is none in %s', (_what, answer) => {
    expect(errorBeside(answer)).toBeUndefined();
  });

  it('is seen in whatever an event holds that is called so', () => {
    expect(errorBeside({ detail: 'gone' }, true)).toMatchObject({ message: 'gone' });
    expect(errorBeside('gone', true)).toMatchObject({ message: 'gone' });
  });
});
