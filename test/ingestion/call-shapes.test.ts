import { describe, expect, it } from 'vitest';
import { readRecord } from '../../activities/ingestion/index.ts';
import type { IngestedTrajectory } from '../../schemas/ingested.ts';
import { args, asked, output, shapes, text } from './shapes.ts';

/** One record as ingestion reads it. */
function read(value: unknown): IngestedTrajectory {
  const place = { file: 'rows.jsonl', unit: 'line' as const, number: 1 };
  const [reading, ...others] = readRecord(value, { path: 'rows.jsonl', place, fallbackId: 'rows.jsonl:1', cut: false });
  if (reading?.ok !== true || others.length > 0) throw new Error(JSON.stringify(reading));
  return reading.trajectory;
}

/** The conversation in short: what was called with which arguments, and what each call gave. */
function told({ messages }: IngestedTrajectory): string[] {
  const names = new Map<string, string>();
  return messages.map((message) => {
    if (message.role === 'tool') return `${names.get(message.tool_call_id) ?? '?'} gave ${message.content}`;
    if (message.role !== 'assistant') return `${message.role}: ${message.content}`;
    const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: text } }) => {
      names.set(id, name);
      return ` → ${name} ${text}`;
    });
    return `assistant: ${message.content}${message.reasoning_content === undefined ? '' : ` (${message.reasoning_content})`}${calls.join('')}`;
  });
}

describe('a call and its result are read alike from', () => {
  it.each(shapes)('%s', (_shape, value) => {
    const trajectory = read(Array.isArray(value) ? { messages: value } : value);
    expect(told(trajectory)).toEqual(['user: Make it divide.', `assistant: I look. → sh ${text}`, `sh gave ${output}`]);
    expect(trajectory).toMatchObject({ format: 'openai', reported: [], lost: [] });
  });
});

describe('invocations beside a text', () => {
  it('are calls with their results', () => {
    const toolInvocations = [{ state: 'result', toolCallId: 'a', toolName: 'sh', args, result: output }];
    expect(told(read([asked, { role: 'assistant', content: 'I look.', toolInvocations }])).slice(1)).toEqual([
      `assistant: I look. → sh ${text}`,
      `sh gave ${output}`,
    ]);
  });
});

describe('what tools print', () => {
  it('stays as it is, also where it looks like parts of something', () => {
    const printed = '[{"type": "module", "text": "x"}]';
    const messages = [
      asked,
      { role: 'assistant', content: '', tool_calls: [{ id: 'a', name: 'sh', arguments: args }] },
      { role: 'tool', tool_call_id: 'a', content: printed },
    ];
    expect(told(read(messages)).at(-1)).toBe(`sh gave ${printed}`);
  });
});

describe('a reply beside its request', () => {
  it('is read as text too', () => {
    const said = '<tool_call>{"name": "sh", "arguments": {"command": "git status --short"}}</tool_call>';
    expect(told(read({ messages: [asked], response: said })).at(-1)).toBe(`assistant:  → sh ${text}`);
  });
});

describe('several', () => {
  it('results in one message are several, each of its call, and what the user says beside them stays', () => {
    const use = (id: string, name: string) => ({ type: 'tool_use', id, name, input: {} });
    const result = (tool_use_id: string, content: string) => ({ type: 'tool_result', tool_use_id, content });
    const messages = [
      asked,
      { role: 'assistant', content: [use('a', 'one'), use('b', 'two')] },
      { role: 'user', content: [result('b', 'B'), result('a', 'A'), { type: 'text', text: 'Hurry.' }] },
    ];
    expect(told(read({ system: [{ type: 'text', text: 'You repair.' }], messages }))).toEqual([
      'system: You repair.',
      'user: Make it divide.',
      'assistant:  → one {} → two {}',
      'two gave B',
      'one gave A',
      'user: Hurry.',
    ]);
  });

  it('answers without ids go by the name of their tool', () => {
    const call = (name: string) => ({ functionCall: { name, args: {} } });
    const answer = (name: string, output: string) => ({ functionResponse: { name, response: { output } } });
    const contents = [
      { role: 'user', parts: [{ text: 'Go.' }] },
      { role: 'model', parts: [call('one'), call('two')] },
      { role: 'user', parts: [answer('two', 'B'), answer('one', 'A')] },
    ];
    expect(told(read(contents)).slice(2)).toEqual(['two gave B', 'one gave A']);
  });

  it('items of one reply are one message, and the next reply is another', () => {
    const item = (type: string, more: object) => ({ type, ...more });
    const call = (call_id: string) => item('function_call', { call_id, name: call_id, arguments: '{}' });
    const output = (call_id: string) => item('function_call_output', { call_id, output: 'ok' });
    const thought = item('reasoning', { summary: [{ type: 'summary_text', text: 'Hm.' }] });
    expect(told(read([asked, thought, call('a'), call('b'), output('b'), output('a'), thought, call('c'), output('c')]))).toEqual([
      'user: Make it divide.',
      'assistant:  (Hm.) → a {} → b {}',
      'b gave ok',
      'a gave ok',
      'assistant:  (Hm.) → c {}',
      'c gave ok',
    ]);
  });
});

describe('tools of a server', () => {
  it.each([
    [{ type: 'local_shell_call', call_id: 'a', action: { type: 'exec', command: ['ls'] } }, 'local_shell {"type":"exec","command":["ls"]}'],
    [
      { type: 'web_search_call', id: 'a', status: 'completed', action: { type: 'search', query: 'x' } },
      'web_search {"type":"search","query":"x"}',
    ],
    [{ type: 'code_interpreter_call', id: 'a', code: 'print(1)', outputs: null }, 'code_interpreter {"code":"print(1)"}'],
    [{ type: 'mcp_call', id: 'a', name: 'fetch', server_label: 's', arguments: '{"url":"u"}' }, 'fetch {"url":"u"}'],
  ])('%j are calls', (item, called) => {
    expect(told(read([asked, item]))[1]).toBe(`assistant:  → ${called}`);
  });

  it('that hold their own result give it', () => {
    const item = { type: 'mcp_call', id: 'a', name: 'fetch', arguments: '{}', output: 'page' };
    expect(told(read([asked, item])).slice(1)).toEqual(['assistant:  → fetch {}', 'fetch gave page']);
  });

  it('of Gemini that ran code are calls with results', () => {
    const parts = [
      { executableCode: { language: 'PYTHON', code: 'print(1)' } },
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
    ];
    expect(
      told(
        read([
          { role: 'user', parts: [{ text: 'Go.' }] },
          { role: 'model', parts },
        ]),
      ).slice(1),
    ).toEqual(['assistant:  → code_execution {"language":"PYTHON","code":"print(1)"}', 'code_execution gave 1']);
  });
});

describe('reasoning is read from', () => {
  it.each([
    ['reasoning', { reasoning: 'Hm.' }],
    ['reasoning that is an object', { reasoning: { content: 'Hm.' } }],
    ['thinking', { thinking: 'Hm.' }],
    [
      'reasoning_details',
      {
        reasoning_details: [
          { type: 'reasoning.text', text: 'Hm.', signature: 's' },
          { type: 'reasoning.encrypted', data: 'x' },
        ],
      },
    ],
    ['reasoning_details that summarise', { reasoning_details: [{ type: 'reasoning.summary', summary: 'Hm.' }] }],
    ['thoughts', { thoughts: [{ subject: 'Plan', description: 'Hm.' }] }],
    ['thought parts', { content: [{ text: 'Hm.', thought: true }, { text: 'Hi.' }] }],
    ['parts of Bedrock', { content: [{ reasoningContent: { reasoningText: { text: 'Hm.', signature: 's' } } }, { text: 'Hi.' }] }],
    [
      'parts of the AI SDK',
      {
        content: [
          { type: 'reasoning', text: 'Hm.' },
          { type: 'text', text: 'Hi.' },
        ],
      },
    ],
  ])('%s', (_name, more) => {
    expect(told(read([asked, { role: 'assistant', content: 'Hi.', ...more }]))[1]).toMatch(/^assistant: Hi\. \((?:Plan\n)?Hm\.\)$/);
  });
});

describe('what is not understood is said to be lost', () => {
  const reply = (more: object) => read([asked, { role: 'assistant', content: 'Hi.', ...more }]).lost;

  it.each([
    ['a call without name and arguments', { tool_calls: [{ id: 'a', verb: 'ls' }] }, 'call', 'a call of unknown shape (keys: id, verb)'],
    ['calls as text that is no list', { tool_calls: 'bash(ls)' }, 'call', 'a call of unknown shape (string)'],
    [
      'a field with calls under a name of its own',
      { steps: [{ name: 'sh', arguments: {} }] },
      'call',
      'a field "steps" that looks like calls',
    ],
    [
      'a part that seems to be a call',
      { content: [{ type: 'tool_request', what: 'ls' }] },
      'call',
      'a part "tool_request" that looks like a call',
    ],
    [
      'a part of an unknown kind',
      { content: [{ type: 'hologram', body: { x: 1 } }] },
      'message',
      'a part "hologram" that is not known (keys: type, body)',
    ],
    [
      'a reply whose text is elsewhere',
      { content: null, blocks: [{ body: 'Hi.' }] },
      'assistant',
      'nothing was found in it (keys: role, content, blocks)',
    ],
  ])('%s', (_name, more, what, reason) => {
    expect(reply(more)).toEqual([{ what, reason: expect.stringContaining(reason), message: 1 }]);
  });

  it('a message of an unknown role, and what is none', () => {
    expect(read([asked, { role: 'critic', content: '?' }, 7, { role: 'assistant', content: 'Hi.' }]).lost).toEqual([
      { what: 'message', reason: 'no message: role "critic" is not known', message: 1 },
      { what: 'message', reason: 'no message (number)', message: 2 },
    ]);
  });

  it('a result whose call nobody made', () => {
    const lost = (...messages: unknown[]) => read([asked, ...messages]).lost;
    const call = { role: 'assistant', content: '', tool_calls: [{ id: 'a', function: { name: 'sh', arguments: '{}' } }] };
    const gone = [{ what: 'call', reason: 'a result whose call is not on record', message: 2 }];
    expect(lost({ role: 'assistant', content: 'run: ls' }, { role: 'tool', content: 'a.py' })).toEqual(gone);
    expect(lost(call, { role: 'tool', tool_call_id: 'b', content: 'a.py' })).toEqual(gone);
    expect(lost(call, { role: 'tool', tool_call_id: 'a', content: '1' }, { role: 'tool', tool_call_id: 'a', content: '2' })).toEqual([]);
  });

  it.each([[{ content: null }], [{ content: [] }], [{ content: null, usage: { tokens: 5 }, tool_calls: [] }], [{ tool_calls: '' }]])(
    'an empty reply loses nothing: %j',
    (more) => {
      const { lost } = read([asked, { role: 'assistant', content: 'Hi.' }, { role: 'assistant', ...more }]);
      expect(lost).toEqual([]);
    },
  );
});
