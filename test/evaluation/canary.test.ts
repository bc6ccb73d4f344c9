import { afterEach, describe, expect, it } from 'vitest';
import { runCanary } from '../../activities/evaluation/canary/canary.ts';
import { Campaign, type Teacher } from '../../schemas/campaign.ts';
import type { Mode } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';
import { type EndpointBehaviour, goodCall, startEndpoint } from '../model/fake-endpoint.ts';

let close: (() => Promise<void>) | undefined;

afterEach(async () => {
  await close?.();
  close = undefined;
});

interface Setting {
  teacher?: Partial<Teacher>;
  strictness?: 'strict' | 'lenient';
  apiKey?: string;
}

async function canary(mode: Mode, behaviour: EndpointBehaviour, { teacher: own, strictness = 'strict', apiKey }: Setting = {}) {
  const endpoint = await startEndpoint(behaviour);
  close = () => endpoint.close();
  const teacher = Campaign.shape.teachers.valueType.parse({
    model: 'student',
    base_url: endpoint.url,
    thinking: { control: 'suffix', resend: 'reasoning' },
    ...own,
  });
  const signal = AbortSignal.timeout(20_000);
  const options = { strictness, context_tokens: 1000, apiKey: apiKey ?? null, signal, pauseMs: 1 };
  const report = await runCanary(mode, teacher, options).catch((error: unknown) => {
    if (error instanceof Problem) return error;
    throw error;
  });
  return { report, asked: endpoint.asked };
}

describe('the canary', () => {
  it('passes a server that is set up for its mode, with the words that rollouts use', async () => {
    const { report, asked } = await canary('think', { reasoning: 'I look.', max_model_len: 2000 });
    expect(report).toEqual({
      mode: 'think',
      strictness: 'strict',
      passed: ['served name', 'context', 'tool call', 'reasoning', 'replayed reasoning'],
      unchecked: [],
      reasoning_form: 'reasoning',
    });
    expect(asked[0]?.messages[1]).toMatchObject({ role: 'user', content: expect.stringMatching(/\n\n\/think$/) });
    expect(asked[1]?.messages[2]?.reasoning).toContain('Step 12');
  });

  it('says what a server gives it no means to check', async () => {
    const { report } = await canary('think', { reasoning: 'I look.', usage: false, listless: true });
    expect(report).toMatchObject({ passed: ['tool call', 'reasoning'] });
    expect(report).toMatchObject({ unchecked: [/404/, /does not count tokens/].map((text) => expect.stringMatching(text)) });
  });

  const faults: [string, Mode, EndpointBehaviour, Setting?][] = [
    ['endpoint_without_tools', 'no_think', { calls: () => [], content: 'I cannot read files.' }],
    ['endpoint_without_tools', 'no_think', { refuses: { status: 400, message: '"auto" tool choice requires --enable-auto-tool-choice' } }],
    ['endpoint_tool_parser', 'no_think', { calls: () => [], content: '<tool_call>\n{"name": "read_lines"}\n</tool_call>' }],
    ['endpoint_tool_parser', 'no_think', { calls: () => [{ ...goodCall, name: 'function=read_lines' }] }],
    ['endpoint_argument_types', 'no_think', { calls: () => [{ ...goodCall, arguments: goodCall.arguments.replace('3', '"3"') }] }],
    ['endpoint_argument_types', 'no_think', { calls: () => [{ ...goodCall, arguments: '{"path": "notes.txt"' }] }],
    ['endpoint_without_reasoning', 'think', {}],
    ['endpoint_reasons_unasked', 'no_think', { reasoning: 'I look.' }],
    ['endpoint_drops_reasoning', 'think', { reasoning: 'I look.', reads: 'reasoning_content' }],
    ['endpoint_model_missing', 'no_think', { models: ['other'] }],
    ['endpoint_context_too_short', 'no_think', { max_model_len: 999 }],
    ['endpoint_key_refused', 'no_think', { key: 'sk-right' }, { apiKey: 'sk-wrong' }],
    ['endpoint_refuses', 'no_think', { refuses: { status: 422, message: 'top_k is not supported' } }],
  ];

  it.each(faults)('names the fault %s (%s)', async (code, mode, behaviour, setting) => {
    const { report } = await canary(mode, behaviour, setting);
    expect(report).toBeInstanceOf(Problem);
    expect(report).toMatchObject({ code, hint: expect.stringMatching(/\w/) });
  });

  it('names a server that is not there', async () => {
    const teacher = Campaign.shape.teachers.valueType.parse({ model: 'student', base_url: 'http://127.0.0.1:9/v1' });
    const options = { strictness: 'strict', context_tokens: 1, apiKey: null, signal: AbortSignal.timeout(20_000) } as const;
    await expect(runCanary('think', teacher, options)).rejects.toMatchObject({ code: 'endpoint_unreachable' });
  });

  it('asks again, since a sampling model may fail once', async () => {
    let number = 0;
    const { report } = await canary('no_think', { calls: () => (number++ === 0 ? [] : [goodCall]) });
    expect(report).toMatchObject({ passed: ['served name', 'tool call', 'no reasoning'] });
  });

  it('forces the call of a model that makes no sense only where it was told to be lenient, and says so', async () => {
    const senseless: EndpointBehaviour = {
      calls: ({ tool_choice, tools }) => (tool_choice === 'required' && tools?.[0]?.function.strict === true ? [goodCall] : []),
      content: 'qx vv',
    };
    expect((await canary('think', senseless)).report).toMatchObject({ code: 'endpoint_without_tools' });
    await close?.();
    expect((await canary('think', senseless, { strictness: 'lenient' })).report).toMatchObject({
      strictness: 'lenient',
      passed: ['served name', 'tool call (forced)', 'replayed reasoning'],
      unchecked: [expect.stringContaining('context'), expect.stringContaining('reasoning: not asked')],
    });
  });
});
