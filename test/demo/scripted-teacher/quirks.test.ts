import { afterEach, describe, expect, it } from 'vitest';
import { callsSha256 } from '../../../demo/scripted-teacher/compose-reply.ts';
import { quirksByChance, together } from '../../../demo/scripted-teacher/quirks.ts';
import { type RunningTeacher, startTeacher, type TeacherOptions } from '../../../demo/scripted-teacher/server.ts';
import { ContextWording, TeacherQuirk } from '../../../schemas/teacher-quirk.ts';
import { TeacherScript } from '../../../schemas/teacher-script.ts';

let teacher: RunningTeacher | undefined;

afterEach(async () => {
  await teacher?.close();
  teacher = undefined;
});

const turn = {
  reasoning: 'First I look.',
  text: 'Two things.',
  calls: [{ run: 'ls' }, { run: 'pwd' }, { tool: 'submit', arguments: {} }],
  repeat: 'forever',
};

interface Asking {
  stream?: boolean;
  messages?: object[];
  key?: string;
}

async function start(more: object, script: object = {}, options: Partial<TeacherOptions> = {}): Promise<void> {
  teacher = await startTeacher({ scripts: [TeacherScript.parse({ name: 'odd', turns: [{ ...turn, ...more }], ...script })], ...options });
}

/** The answer as it goes over the wire. */
async function ask({ stream = true, messages = [{ role: 'user', content: 'Fix it.' }], key = 'a/0' }: Asking = {}) {
  const tools = [{ type: 'function', function: { name: 'execute_bash', parameters: {} } }];
  const response = await fetch(`${teacher?.url}/chat/completions`, {
    method: 'POST',
    headers: { 'idempotency-key': key },
    body: JSON.stringify({ model: 'm', messages, tools, stream, chat_template_kwargs: { enable_thinking: true } }),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

const quirk = (...quirks: TeacherQuirk[]) => ({ quirks });

describe('a scripted teacher with a quirk', () => {
  it.each<[TeacherQuirk, RegExp]>([
    ['calls_under_one_index', /^(?!.*"index":[12],).*"index":0,"id":"scripted_0_2"/s],
    ['calls_without_index', /"tool_calls":\[\{"id":"scripted_0_1"/],
    ['index_as_text', /"index":"2"/],
    ['equal_ids', /^(?!.*"id":"scripted).*"id":"call_0"/s],
    ['empty_ids', /"id":""/],
    ['id_as_number', /"id":3/],
    ['id_in_every_piece', /("id":"scripted_0_1".*){2}/s],
    ['name_in_every_piece', /("name":"submit".*){2}/s],
    ['arguments_as_object', /"arguments":\{"command":"pwd"\}/],
    ['arguments_in_one_piece', /"name":"execute_bash","arguments":"\{\\"command\\":\\"pwd\\"\}"/],
    ['empty_arguments', /^(?!.*"arguments":"\{\}")/s],
    ['lone_surrogates', /\\ud83d"/],
    ['torn_surrogates', /\\ud83d"\}.*"content":"\\ude00"/s],
    ['null_content', /"content":null/],
    ['content_in_parts', /"content":\[\{"type":"text","text":"Two things\."\}\]/],
    ['done_without_finish', /^(?!.*"finish_reason":"tool_calls").*\[DONE\]/s],
    ['finish_with_last_piece', /"arguments":"\{\}"\}\}\]\},"finish_reason":"tool_calls"/],
    ['finish_twice', /("finish_reason":"tool_calls".*){2}/s],
    ['other_finish_word', /"finish_reason":"(stop|function_call|tool_use|TOOL_CALLS|tool_call)"/],
    ['no_done', /^(?!.*\[DONE\])/s],
    ['keep_alive_comments', /^: keep-alive\n\n/],
    ['windows_line_ends', /\r\n\r\n/],
    ['no_space_after_data', /^data:\{/],
    ['named_events', /^event: message\ndata: /],
    ['empty_choices_first', /^data: \{[^\n]*"choices":\[\]/],
    ['whole_answer', /^\{"id"/],
  ])('puts a right answer as %s', async (name, expected) => {
    await start(quirk(name));
    const { status, text } = await ask();
    expect(status).toBe(200);
    expect(text).toMatch(expected);
    expect(teacher?.log().at(-1)).toMatchObject({ event: 'answered', quirks: [name], calls: 3, calls_sha256: expect.any(String) });
  });

  it('says another content type than it sends, or none', async () => {
    await start(quirk('plain_text_type'));
    expect((await ask()).type).toContain('text/plain');
    await teacher?.close();
    await start(quirk('no_content_type'));
    expect((await ask()).type).toBeNull();
  });

  it('puts reasoning in whichever form', async () => {
    const seen: Record<string, string> = {};
    for (const form of ['reasoning_details', 'thinking_blocks', 'thinking_parts', 'both_fields', 'inline_unopened']) {
      await start({}, { reasoning_field: form });
      seen[form] = (await ask({ stream: false })).text;
      await teacher?.close();
    }
    expect(seen['reasoning_details']).toContain('"reasoning_details":[{"type":"reasoning.text","index":0,"text":"First I look."');
    expect(seen['thinking_blocks']).toContain('"thinking_blocks":[{"type":"thinking","thinking":"First I look.","signature"');
    expect(seen['thinking_parts']).toContain(
      '"content":[{"type":"thinking","thinking":[{"type":"text","text":"First I look."}]},{"type":"text"',
    );
    expect(seen['both_fields']).toContain('"reasoning_content":"First I look.","reasoning":"First I look."');
    expect(seen['inline_unopened']).toContain('"content":"First I look.\\n</think>\\n\\nTwo things."');
  });

  it('counts odd usage by chance, the same for the same seed', async () => {
    const usages = async (seed: string) => {
      await start(quirk('odd_usage'), {}, { chaos: { seed, probabilities: {}, maxAttempts: 0, tokensPerSecond: 1 } });
      const answers = await Promise.all(['1', '2', '3', '4', '5', '6'].map((key) => ask({ stream: false, key })));
      await teacher?.close();
      return answers.map(({ text }) => JSON.parse(text).usage);
    };
    const [first, again] = [await usages('a'), await usages('a')];
    expect(again).toEqual(first);
    expect(new Set(first.map((usage) => JSON.stringify(usage))).size).toBeGreaterThan(1);
  });

  it('has them by chance, and never two that contradict each other', () => {
    const seen = new Set<TeacherQuirk>();
    for (let seed = 0; seed < 300; seed += 1) {
      const drawn = together(quirksByChance(0.3, String(seed)));
      for (const name of drawn) seen.add(name);
      expect(drawn.has('equal_ids') && drawn.has('empty_ids')).toBe(false);
      expect(drawn.has('done_without_finish') && drawn.has('no_done')).toBe(false);
    }
    expect(seen.size).toBe(TeacherQuirk.options.length);
    expect(quirksByChance(0.3, 'x')).toEqual(quirksByChance(0.3, 'x'));
  });
});

describe('a scripted teacher that fails as servers do', () => {
  it.each(ContextWording.options)('says that the context is full in the words of %s', async (wording) => {
    await start({ misbehave: [{ kind: 'context_full', wording }] });
    const { text } = await ask();
    expect(text).toMatch(/context|length|too long|at least 1|token|reduce/i);
    expect(teacher?.log().at(-1)).toMatchObject({ event: 'misbehaved', misbehaviour: 'context_full' });
  });

  it('says under HTTP 200 that it failed, in a stream and in a whole answer', async () => {
    await start({ misbehave: [{ kind: 'error_in_200', form: 'base_resp', attempts: 'forever' }] });
    expect(await ask()).toMatchObject({ status: 200, text: expect.stringMatching(/"choices":\[.*"base_resp":\{"status_code":1002/s) });
    expect(await ask({ stream: false })).toMatchObject({ status: 200, text: expect.stringMatching(/^\{"choices":null,"base_resp"/) });
  });

  it('drops forms of earlier reasoning without a word where its script says so', async () => {
    const counted = async (field: string) => {
      const messages = [
        { role: 'user', content: 'Fix it.' },
        { role: 'assistant', content: 'hi', [field]: 'word '.repeat(100) },
      ];
      await ask({ stream: false, messages });
      return teacher?.log().at(-1)?.prompt_tokens ?? 0;
    };
    await start({}, { reads_reasoning: ['reasoning'] });
    expect(await counted('reasoning')).toBeGreaterThan((await counted('reasoning_content')) + 90);
  });

  it('refuses what strict servers refuse', async () => {
    await start({}, { strict: true });
    const call = (id: unknown, sent: string) => ({ id, type: 'function', function: { name: 'f', arguments: sent } });
    const asking = (...messages: object[]) => ask({ messages: [{ role: 'user', content: 'Fix it.' }, ...messages] });
    const tool = (tool_call_id: string) => ({ role: 'tool', tool_call_id, content: 'ok' });
    const assistant = (...tool_calls: object[]) => ({ role: 'assistant', content: '', tool_calls });
    expect((await asking(assistant(call('a', '{}')), tool('a'))).status).toBe(200);
    for (const messages of [
      [{ role: 'assistant', content: 'half \ud83d' }],
      [assistant(call('a', '')), tool('a')],
      [assistant(call('a', '{}'), call('a', '{}')), tool('a')],
      [assistant(call('a', '{}')), tool('b')],
      [assistant(call('a', '{}')), { role: 'user', content: 'go on' }],
    ]) {
      expect((await asking(...messages)).status).toBe(400);
    }
  });
});

describe('the hash of calls', () => {
  it('is that of what they say, whatever form they took', () => {
    const said = callsSha256([{ name: 'f', arguments: '{"a": "\ud83d"}' }]);
    expect(callsSha256([{ name: 'f', arguments: '{"a":"\ufffd"}' }])).toBe(said);
    expect(callsSha256([{ name: 'f', arguments: '{"a":1}' }])).not.toBe(said);
    expect(callsSha256([{ name: 'submit', arguments: '' }])).toBe(callsSha256([{ name: 'submit', arguments: '{}' }]));
  });
});
