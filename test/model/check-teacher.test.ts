import { afterEach, describe, expect, it } from 'vitest';
import { campaignSettings } from '../../activities/model/check/campaign-settings.ts';
import { checkKeyPrefix } from '../../activities/model/check/check-key.ts';
import { checkTeacher } from '../../activities/model/check/check-teacher.ts';
import { checkTeachers, refuseFaulty, teachersOf } from '../../activities/model/check/check-teachers.ts';
import { Campaign, Teacher } from '../../schemas/campaign.ts';
import type { Mode } from '../../schemas/names.ts';
import type { TeacherCheck } from '../../schemas/teacher-check.ts';
import { type EndpointBehaviour, goodCall, startEndpoint } from './fake-endpoint.ts';

let close: (() => Promise<void>) | undefined;

afterEach(async () => {
  await close?.();
  close = undefined;
});

const names = campaignSettings('big', ' and start the worker again');

async function check(mode: Mode, behaviour: EndpointBehaviour, own: object = {}, apiKey: string | null = null) {
  const endpoint = await startEndpoint(behaviour);
  close = () => endpoint.close();
  const teacher = Teacher.parse({ model: 'student', base_url: endpoint.url, ...own });
  const found = await checkTeacher(mode, teacher, { apiKey, names, signal: AbortSignal.timeout(20_000), pauseMs: 1 });
  return { ...endpoint, found };
}

describe('the check of a teacher', () => {
  it.each(['reasoning', 'reasoning_content'] as const)('sends reasoning back as it came: %s', async (field) => {
    const { found, asked } = await check('think', { reasoning: 'I look.', sends: field, reads: field });
    expect(found).toMatchObject({
      problem: null,
      reasoning_form: field,
      passed: ['served name', 'tool call', 'reasoning', 'replayed reasoning'],
      requests: 3,
      completion_tokens: 60,
    });
    expect(asked[1]?.messages[2]?.[field]).toContain('Step 12');
    expect(asked[2]?.messages[2]).not.toHaveProperty(field);
  });

  it('finds a server that drops what the profile tells it to send, without a word of the server', async () => {
    const { found } = await check('think', { reasoning: 'I look.', reads: 'reasoning' }, { thinking: { resend: 'reasoning_content' } });
    expect(found.problem).toMatchObject({
      code: 'endpoint_drops_reasoning',
      message: expect.stringMatching(/sent as reasoning_content, and 100 without: it is not read/),
      hint: expect.stringContaining('teachers.big.thinking.resend'),
    });
  });

  it('asks the tokenizer of a server that counts no tokens, and believes it where the two differ', async () => {
    const uncounted = await check('think', { reasoning: 'I look.', usage: false, tokenizes: true });
    expect(uncounted.found).toMatchObject({ problem: null, passed: expect.arrayContaining(['replayed reasoning']) });
    await close?.();
    const dropped = await check('think', { reasoning: 'I look.', usage: false, tokenizes: true, reads: 'nothing' });
    expect(dropped.found.problem).toMatchObject({ code: 'endpoint_drops_reasoning' });
  });

  it('is patient with a server that is busy, and with one that thinks for no short answer', async () => {
    const busy = await check('no_think', { busy: { times: 2, status: 429, message: 'too many requests' } });
    expect(busy.found).toMatchObject({ problem: null, requests: 3 });
    await close?.();
    const long = await check('think', { reasoning: 'I look.', leastTokens: 1024 });
    expect(long.found).toMatchObject({ problem: null, passed: expect.arrayContaining(['replayed reasoning']) });
  });

  it('says that a model is not in the list, and believes its answer more', async () => {
    const { found } = await check('no_think', { models: ['other'] });
    expect(found).toMatchObject({ problem: null, unchecked: [expect.stringMatching(/serves other, and no model student, by its list/)] });
  });

  it('tells what it cost by the prices of the profile', async () => {
    const prices = { prompt_usd_per_million: 1000, completion_usd_per_million: 5000 };
    const { found } = await check('no_think', {}, { prices });
    expect(found).toMatchObject({ requests: 1, prompt_tokens: 100, completion_tokens: 20, cost_usd: 0.2 });
  });

  it('never has one key for two requests, nor one that a rollout could have', async () => {
    const first = await check('think', { reasoning: 'I look.' });
    await close?.();
    const keys = [...first.keys, ...(await check('think', { reasoning: 'I look.' })).keys];
    expect(new Set(keys).size).toBe(6);
    for (const key of keys) expect(key).toMatch(new RegExp(`^${checkKeyPrefix}[0-9a-f-]{36}/think/\\d$`));
  });

  it('repeats no key that a server repeats', async () => {
    const secret = 'sk-a-secret-of-mine';
    const { found } = await check('no_think', { refuses: { status: 401, message: `no such key: ${secret}` } }, {}, secret);
    expect(found.problem).toMatchObject({ code: 'endpoint_key_refused', message: expect.stringContaining('[secret]') });
    expect(found.problem?.message).not.toContain(secret);
  });

  it.each([
    [402, 'payment required', 'endpoint_quota'],
    [429, 'insufficient_quota: check your billing', 'endpoint_quota'],
    [404, 'no such model', 'endpoint_model_missing'],
    [503, 'loading the model', 'endpoint_unreachable'],
  ])('calls HTTP %i (%s) %s', async (status, message, code) => {
    expect((await check('no_think', { refuses: { status, message } })).found.problem).toMatchObject({ code });
  });

  it.each([
    ['<minimax:tool_call>\n<invoke name="read_lines">', 'endpoint_tool_parser'],
    ['[TOOL_CALLS][{"name": "read_lines"}]', 'endpoint_tool_parser'],
    ['I would look into the file.', 'endpoint_without_tools'],
  ])('knows a call that stayed in the text: %s', async (content, code) => {
    expect((await check('no_think', { calls: () => [], content })).found.problem).toMatchObject({ code });
  });

  it('finds the empty call that a parser makes of a piece', async () => {
    const { found } = await check('no_think', { calls: () => [goodCall, { name: '', arguments: '' }] });
    expect(found.problem).toMatchObject({ code: 'endpoint_tool_parser' });
  });
});

describe('an address that is not quite right', () => {
  it.each([
    ['without /v1', (url: string) => url.replace(/\/v1$/, '/')],
    ['with what clients add', (url: string) => `${url}/chat/completions`],
    ['of another path', (url: string) => url.replace(/\/v1$/, '/models')],
  ])('names the one that has a list of models: %s', async (_, wrong) => {
    const endpoint = await startEndpoint({ elsewhere: 404 });
    close = () => endpoint.close();
    const teacher = Teacher.parse({ model: 'student', base_url: wrong(endpoint.url) });
    const { problem } = await checkTeacher('no_think', teacher, { apiKey: null, names, signal: AbortSignal.timeout(20_000), pauseMs: 1 });
    expect(problem).toMatchObject({
      code: 'endpoint_model_missing',
      hint: `a list of models is at ${endpoint.url}: set teachers.big.base_url to it`,
    });
    expect(endpoint.asked).toEqual([]);
  });

  it('says what a page is that answers in place of a model server', async () => {
    const page = '<html><title>Welcome</title></html>';
    const { found } = await check('no_think', { listless: true, page });
    expect(found.problem).toMatchObject({
      code: 'endpoint_unreachable',
      message: expect.stringContaining('the answer is not JSON'),
      hint: expect.stringMatching(/no OpenAI-compatible server: correct teachers\.big\.base_url, .* \/v1$/),
    });
  });

  it('says what a server has that lacks the model', async () => {
    const { found } = await check('no_think', { models: ['teacher', 'other'], refuses: { status: 404, message: 'no such model' } });
    expect(found.problem?.message).toMatch(/404 no such model; by its list it serves teacher, other$/);
  });
});

describe('the check of a campaign', () => {
  const campaign = (url: string) =>
    Campaign.parse({
      name: 'spring',
      tasks: ['tasks.jsonl'],
      harnesses: { openhands: {} },
      modes: { think: 'big', no_think: 'locked' },
      teachers: {
        big: { model: 'student', base_url: url },
        locked: { model: 'student', base_url: url, api_key_env: 'LOCKED_KEY' },
        idle: { model: 'unused', base_url: url },
      },
    });

  async function checks(behaviour: EndpointBehaviour, key: string | undefined): Promise<TeacherCheck[]> {
    const endpoint = await startEndpoint(behaviour);
    close = () => endpoint.close();
    const asked = teachersOf(campaign(endpoint.url));
    return await checkTeachers(asked, { key: () => key, names: () => names, signal: AbortSignal.timeout(20_000) });
  }

  it('asks each teacher in its mode, and none that produces nothing', async () => {
    const found = await checks({}, undefined);
    expect(found.map(({ teacher, mode, problem }) => [teacher, mode, problem?.code])).toEqual([
      ['big', 'think', 'endpoint_without_reasoning'],
      ['locked', 'no_think', 'endpoint_key_missing'],
    ]);
  });

  it.each([
    [' \n', 'endpoint_key_missing'],
    ['two words', 'endpoint_key_refused'],
    ['a\nb', 'endpoint_key_refused'],
    ['schlüssel', 'endpoint_key_refused'],
  ])('asks with no key that is none: %j', async (key, code) => {
    const found = await checks({ reasoning: 'I look.' }, key);
    expect(found[1]).toMatchObject({ problem: { code, message: expect.not.stringContaining(key) }, requests: 0 });
  });

  it('takes the line break of a file for no part of a key', async () => {
    const found = await checks({ reasoning: 'I look.', key: 'sk-1' }, 'sk-1\r\n');
    expect(found[1]?.problem?.code).not.toMatch(/key/);
  });

  it('refuses a campaign for what is wrong, naming all of it and the ways out', async () => {
    const found = await checks({}, undefined);
    expect(() => refuseFaulty(found, 'always')).toThrow(
      expect.objectContaining({
        code: 'endpoint_without_reasoning',
        message: expect.stringMatching(/^teacher big: .*; teacher locked in mode no_think: endpoint_key_missing$/),
        hint: expect.stringContaining('--no-check'),
        final: true,
      }),
    );
    expect(() => refuseFaulty(found, 'unless_down')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('locked') }));
  });

  it('lets a campaign wait for a teacher that cannot be asked, unless a person started it', async () => {
    const [, locked] = await checks({ reasoning: 'I look.' }, undefined);
    if (locked === undefined) throw new Error('there is no second check');
    expect(() => refuseFaulty([locked], 'unless_down')).not.toThrow();
    expect(() => refuseFaulty([locked], 'always')).toThrow(expect.objectContaining({ code: 'endpoint_key_missing' }));
  });
});
