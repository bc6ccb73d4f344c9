import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { classifyFailure } from '../../activities/model/failure/classify-failure.ts';
import { TeacherClients, failureOf } from '../../activities/model/gateway/teacher-request.ts';
import { Teacher } from '../../schemas/campaign.ts';
import { RawServer, type Serve, events, piece, refuse, send } from './raw-server.ts';

let server: RawServer;
afterEach(() => server.close());

async function ask(serve: Serve, profile: object = {}, signal = new AbortController().signal) {
  server = await RawServer.start(serve);
  const teacher = Teacher.parse({ model: 'asked', base_url: server.url, ...profile });
  const request = { rollout: 'r', exchange: 0, teacher, mode: 'think' as const, apiKey: null, body: Buffer.from('{}'), number: 1 };
  return new TeacherClients().send(request, signal);
}

async function failureWith(serve: Serve, profile: object = {}) {
  try {
    await ask(serve, profile);
  } catch (error) {
    return { ...failureOf(error), kind: classifyFailure(failureOf(error)) };
  }
  throw new Error('it was answered');
}

const hi = piece({ content: 'hi' }, 'stop');
const whole = {
  model: 'm',
  choices: [{ message: { content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 1 },
};

describe('an answer', () => {
  it.each(['text/event-stream', 'text/plain; charset=utf-8', 'application/json', 'application/octet-stream', undefined])(
    'is read as a stream or as JSON under the content type %s',
    async (type) => {
      expect((await ask((response) => send(response, events([hi]), type))).reply.content).toBe('hi');
      await server.close();
      expect((await ask((response) => send(response, `\n\n ${JSON.stringify(whole)}`, type))).reply.content).toBe('hi');
      await server.close();
      expect((await ask((response) => send(response, events([hi]), type), { streaming: false })).reply.content).toBe('hi');
    },
  );

  it('is asked for at the address of the profile, with its query, key and numbers', async () => {
    let seen: unknown;
    server = await RawServer.start((response, { request, body }) => {
      const { authorization, 'idempotency-key': key, 'content-type': type } = request.headers;
      seen = { path: request.url, authorization, key, type, body };
      send(response, events([hi]));
    });
    const teacher = Teacher.parse({ model: 'm', base_url: `${server.url}/?api-version=2` });
    const request = { rollout: 'c/r', exchange: 4, teacher, mode: 'think' as const, apiKey: 'k', body: Buffer.from('{"a":1}'), number: 1 };
    await new TeacherClients().send(request, new AbortController().signal);
    expect(seen).toEqual({
      path: '/v1/chat/completions?api-version=2',
      authorization: 'Bearer k',
      key: 'c/r/4',
      type: 'application/json',
      body: '{"a":1}',
    });
  });

  it('may wait for long behind comments, but not behind silence', async () => {
    const chatting: Serve = async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let count = 0; count < 8; count++) {
        response.write(': still here\n\n');
        await sleep(500);
      }
      response.end(events([hi]));
    };
    expect((await ask(chatting, { idle_timeout_seconds: 2.5 })).reply.content).toBe('hi');
    await server.close();
    const silent: Serve = (response) => void response.writeHead(200).write(': still here\n\n');
    expect(await failureWith(silent, { idle_timeout_seconds: 0.2 })).toMatchObject({
      message: 'no sign of life from the server for 0.2 s',
    });
  });

  it('has empty events and signs of life of other kinds between its pieces', async () => {
    const chunks = [
      '',
      'null',
      '{}',
      '{"type":"ping"}',
      '{"choices":[]}',
      '{"choices":null}',
      '{"choices":[null]}',
      hi,
      '{"choices":[],"usage":{}}',
    ];
    expect((await ask((response) => send(response, `event: ping\ndata: {}\n\n${events(chunks)}`))).reply.content).toBe('hi');
  });

  const endings: [string, Serve][] = [
    ['cut', (response) => void setTimeout(() => response.destroy(), 20)],
    ['followed by something that is no JSON', (response) => void response.end('data: {"choi\n\n')],
    ['followed by an error', (response) => void response.end(events([{ error: { message: 'metering failed', code: 500 } }], ''))],
    ['ended without [DONE]', (response) => void response.end()],
    ['never ended after [DONE]', (response) => void response.write('data: [DONE]\n\n')],
  ];
  it.each(endings)('whose finish reason came is whole, though its stream is then %s', async (_how, then) => {
    const { reply, usage } = await ask((response, asked) => {
      response.writeHead(200);
      response.write(
        events(
          [piece({ content: 'h' }), piece({ content: 'i' }, 'stop'), { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } }],
          '',
        ),
      );
      then(response, asked);
    });
    expect({ reply, usage }).toMatchObject({ reply: { content: 'hi' }, usage: { prompt_tokens: 5, completion_tokens: 2 } });
    expect(server.asked).toBe(1);
  });

  it('that stalls behind its finish reason is not waited for as long as one that thinks', async () => {
    const stalled: Serve = (response) => void response.writeHead(200).write(events([hi], ''));
    expect((await ask(stalled, { idle_timeout_seconds: 2 })).reply.content).toBe('hi');
  });

  it('ends naturally at [DONE], or with its JSON, also without a finish reason', async () => {
    expect((await ask((response) => send(response, events([piece({ content: 'hi' })])))).reply.finish_reason).toBe('stop');
    await server.close();
    const open = { choices: [{ message: { content: 'hi' }, finish_reason: null }] };
    expect((await ask((response) => send(response, JSON.stringify(open)))).reply.finish_reason).toBe('stop');
    await server.close();
    expect(await failureWith((response) => send(response, events([piece({ content: 'h' })], '')))).toMatchObject({
      message: 'the answer ended without a finish reason',
      kind: { kind: 'outage', outage: { code: 'teacher_failing' } },
    });
  });

  it('of which nothing is left for its length is a full context', async () => {
    const empty = (completion_tokens: number) => ({
      choices: [{ message: { content: '' }, finish_reason: 'length' }],
      usage: { prompt_tokens: 9, completion_tokens },
    });
    expect(await failureWith((response) => send(response, JSON.stringify(empty(0))))).toMatchObject({ kind: { ending: 'context_full' } });
    await server.close();
    // Reasoning that stays at the server.
    expect((await ask((response) => send(response, JSON.stringify(empty(800))))).reply).toMatchObject({
      content: '',
      finish_reason: 'length',
    });
  });
});

describe('an error', () => {
  const tooLong = "This model's maximum context length is 100 tokens. However, you requested 200";

  it.each([
    [
      'a bad status, unwrapped',
      (response) => refuse(response, 400, { object: 'error', message: tooLong, type: 'BadRequestError', code: 400 }),
    ],
    ['a status for a failed server', (response) => refuse(response, 500, { error: { message: tooLong, code: 500 } })],
    ['an event', (response) => send(response, events([{ object: 'error', message: tooLong, code: 400 }]))],
    ['an event behind pieces', (response) => send(response, events([piece({ content: 'h' }), { error: { message: tooLong } }]))],
    ['an event called so', (response) => send(response, `event: error\ndata: ${JSON.stringify({ message: tooLong })}\n\n`)],
    ['an event called so that is plain text', (response) => send(response, `event: error\ndata: ${tooLong}\n\n`)],
    [
      'the field error of a stream',
      (response) => send(response, `error: ${JSON.stringify({ code: 400, message: tooLong })}\n\ndata: [DONE]\n\n`),
    ],
    ['JSON in place of a stream', (response) => send(response, JSON.stringify({ error: tooLong }), 'text/event-stream')],
    [
      'JSON before the end of a stream',
      (response) => send(response, `${JSON.stringify({ error: { message: tooLong } })}\n\ndata: [DONE]\n\n`, 'text/event-stream'),
    ],
    [
      'JSON behind pieces',
      (response) => send(response, `${events([piece({ content: 'h' })], '')}${JSON.stringify({ error: { message: tooLong } })}\n`),
    ],
  ] satisfies [string, Serve][])('in %s is read, and a full context seen in it', async (_where, serve) => {
    expect(await failureWith(serve)).toMatchObject({
      message: expect.stringContaining(tooLong),
      kind: { kind: 'ending', ending: 'context_full' },
    });
  });

  it('of a web page says what stands on it', async () => {
    const page = '<!doctype html><html><head><style>a { b: c }</style><title>Sign in</title></head><body><p>Welcome</p></body></html>';
    expect(await failureWith((response) => send(response, page, 'text/html'))).toMatchObject({
      message: expect.stringContaining('“Sign in Welcome”'),
    });
  });

  it('says where an address points that is no other', async () => {
    const moved: Serve = (response) => void response.writeHead(308, { location: 'https://example.test/v2' }).end();
    expect(await failureWith(moved)).toMatchObject({
      status: 308,
      message: '308 it points to https://example.test/v2',
      kind: { outage: { code: 'teacher_model_missing' } },
    });
  });

  it('carries the wait that its headers ask for', async () => {
    const slow: Serve = (response) => void response.writeHead(429, { 'retry-after-ms': '1500', 'retry-after': '9' }).end('{}');
    expect(await failureWith(slow)).toMatchObject({ retryAfterMs: 1500, kind: { kind: 'busy' } });
  });
});

describe('a request', () => {
  it('that is aborted rejects with the reason, also behind a finish reason', async () => {
    const controller = new AbortController();
    const stalled: Serve = (response) => {
      response.writeHead(200).write(events([hi], ''));
      setTimeout(() => controller.abort(new Error('given up')), 50);
    };
    await expect(ask(stalled, {}, controller.signal)).rejects.toThrow('given up');
  });
});
