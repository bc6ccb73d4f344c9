import { describe, expect, it } from 'vitest';
import { readRecord } from '../../activities/ingestion/index.ts';
import type { IngestedTrajectory } from '../../schemas/ingested.ts';

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

const asked = { role: 'user', content: 'Make it divide.' };
const args = { command: 'git status --short' };
const text = JSON.stringify(args);
const output = ' M calc.py';

const shapes: [string, unknown][] = [
  [
    'tool_calls',
    [
      asked,
      { role: 'assistant', content: 'I look.', tool_calls: [{ id: 'a', type: 'function', function: { name: 'sh', arguments: text } }] },
      { role: 'tool', tool_call_id: 'a', content: output },
    ],
  ],
  [
    'tool_calls as JSON text',
    [
      asked,
      { role: 'assistant', content: 'I look.', tool_calls: JSON.stringify([{ id: 'a', function: { name: 'sh', arguments: text } }]) },
      { role: 'tool', tool_call_id: 'a', content: output },
    ],
  ],
  [
    'tool_calls as Python text',
    [
      asked,
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: `[{'id': 'a', 'function': {'name': 'sh', 'arguments': '${text}'}, 'index': None}]`,
      },
      { role: 'tool', tool_call_id: 'a', content: output },
    ],
  ],
  [
    'tool_calls that is one object',
    [
      asked,
      { role: 'assistant', content: 'I look.', tool_calls: { id: 'a', function: { name: 'sh', arguments: args } } },
      { role: 'tool', tool_call_id: 'a', content: output },
    ],
  ],
  [
    'the call as text in a list',
    [
      asked,
      { role: 'assistant', content: 'I look.', tool_calls: [JSON.stringify({ name: 'sh', arguments: args })] },
      { role: 'tool', content: output },
    ],
  ],
  [
    'function_call',
    [
      asked,
      { role: 'assistant', content: 'I look.', function_call: { name: 'sh', arguments: text } },
      { role: 'function', name: 'sh', content: output },
    ],
  ],
  [
    'name and args',
    [
      asked,
      { role: 'assistant', content: 'I look.', tool_calls: [{ type: 'tool_call', id: 'a', name: 'sh', args }] },
      { role: 'tool', tool_call_id: 'a', content: output },
    ],
  ],
  [
    'name and input',
    [
      asked,
      { role: 'assistant', content: 'I look.', toolCalls: [{ toolCallId: 'a', toolName: 'sh', input: args }] },
      { role: 'tool', toolCallId: 'a', content: output },
    ],
  ],
  [
    'LangChain messages by type',
    [
      { type: 'human', content: 'Make it divide.' },
      { type: 'ai', content: 'I look.', tool_calls: [{ name: 'sh', args, id: 'a' }] },
      { type: 'tool', content: output, tool_call_id: 'a' },
    ],
  ],
  [
    'LangChain messages below data',
    [
      { type: 'human', data: { content: 'Make it divide.' } },
      {
        type: 'ai',
        data: {
          content: [
            { type: 'text', text: 'I look.' },
            { type: 'tool_use', id: 'a', name: 'sh', input: args },
          ],
          tool_calls: [{ name: 'sh', args, id: 'a' }],
        },
      },
      { type: 'tool', data: { content: output, tool_call_id: 'a' } },
    ],
  ],
  [
    'calls below additional_kwargs',
    [
      asked,
      {
        role: 'assistant',
        content: 'I look.',
        additional_kwargs: { tool_calls: [{ id: 'a', function: { name: 'sh', arguments: text } }] },
      },
      { role: 'tool', tool_call_id: 'a', content: output },
    ],
  ],
  [
    'roles in capitals',
    [
      { role: 'User', content: 'Make it divide.' },
      { role: 'ASSISTANT', content: 'I look.', tool_calls: [{ id: 'a', function: { name: 'sh', arguments: text } }] },
      { role: 'Tool-Result', tool_call_id: 'a', content: output },
    ],
  ],
  [
    'messages that are text each',
    [
      JSON.stringify(asked),
      JSON.stringify({ role: 'assistant', content: 'I look.', tool_calls: [{ id: 'a', function: { name: 'sh', arguments: text } }] }),
      JSON.stringify({ role: 'tool', tool_call_id: 'a', content: output }),
    ],
  ],
  [
    'parts that are text, as in columns of one type',
    [
      asked,
      {
        role: 'assistant',
        content: JSON.stringify([
          { type: 'text', text: 'I look.', id: null },
          { type: 'tool_use', text: '', id: 'a', name: 'sh', input: args },
        ]),
      },
      { role: 'user', content: JSON.stringify([{ type: 'tool_result', tool_use_id: 'a', content: output }]) },
    ],
  ],
  [
    'a function that is text',
    [
      asked,
      { role: 'assistant', content: 'I look.', tool_calls: [{ id: 'a', function: JSON.stringify({ name: 'sh', arguments: args }) }] },
      { role: 'tool', tool_call_id: 'a', content: output },
    ],
  ],
  [
    'LangChain constructors',
    [
      { lc: 1, type: 'constructor', id: ['langchain_core', 'messages', 'HumanMessage'], kwargs: { content: 'Make it divide.' } },
      {
        lc: 1,
        type: 'constructor',
        id: ['langchain_core', 'messages', 'AIMessage'],
        kwargs: { content: 'I look.', tool_calls: [{ name: 'sh', args, id: 'a' }] },
      },
      { lc: 1, type: 'constructor', id: ['langchain_core', 'messages', 'ToolMessage'], kwargs: { content: output, tool_call_id: 'a' } },
    ],
  ],
  [
    'results by id in a list',
    [
      asked,
      { role: 'assistant', content: 'I look.', tool_calls: [{ id: 'a', name: 'sh', arguments: args }] },
      { role: 'tool', content: [{ call_id: 'a', name: 'sh', content: output, is_error: false }] },
    ],
  ],
  [
    'ShareGPT with calls as turns',
    [
      { from: 'human', value: 'Make it divide.' },
      { from: 'gpt', value: 'I look.' },
      { from: 'function_call', value: JSON.stringify({ name: 'sh', arguments: args }) },
      { from: 'observation', value: output },
    ],
  ],
  [
    'Anthropic parts',
    [
      asked,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'a', name: 'sh', input: args },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: output }] }] },
    ],
  ],
  [
    'Anthropic parts with a plain result',
    [
      asked,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'a', name: 'sh', input: args },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: output }] },
    ],
  ],
  [
    'a tool that the server ran',
    [
      asked,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I look.' },
          { type: 'server_tool_use', id: 'a', name: 'sh', input: args },
          { type: 'sh_tool_result', tool_use_id: 'a', content: { type: 'sh_result', stdout: output } },
        ],
      },
    ],
  ],
  [
    'Responses items',
    {
      input: [
        asked,
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
        { type: 'function_call', call_id: 'a', id: 'fc_1', name: 'sh', arguments: text },
        { type: 'function_call_output', call_id: 'a', output },
      ],
    },
  ],
  [
    'a custom tool of the Responses API',
    {
      input: [
        asked,
        { type: 'message', role: 'assistant', content: 'I look.' },
        { type: 'custom_tool_call', call_id: 'a', name: 'sh', input: text },
        { type: 'custom_tool_call_output', call_id: 'a', output: [{ type: 'input_text', text: output }] },
      ],
    },
  ],
  [
    'Gemini contents',
    {
      contents: [
        { role: 'user', parts: [{ text: 'Make it divide.' }] },
        { role: 'model', parts: [{ text: 'I look.' }, { functionCall: { name: 'sh', args } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'sh', response: { output } } }] },
      ],
    },
  ],
  [
    'Gemini contents in snake case',
    [
      { role: 'user', parts: [{ text: 'Make it divide.' }] },
      { role: 'model', parts: [{ text: 'I look.' }, { function_call: { name: 'sh', args } }] },
      { role: 'function', parts: [{ function_response: { name: 'sh', response: { result: output } } }] },
    ],
  ],
  [
    'AI SDK parts',
    [
      asked,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I look.' },
          { type: 'tool-call', toolCallId: 'a', toolName: 'sh', input: args },
        ],
      },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'a', toolName: 'sh', output: { type: 'text', value: output } }] },
    ],
  ],
  [
    'AI SDK parts of version 4',
    [
      asked,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I look.' },
          { type: 'tool-call', toolCallId: 'a', toolName: 'sh', args },
        ],
      },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'a', toolName: 'sh', result: output }] },
    ],
  ],
  [
    'AI SDK messages for a screen',
    [
      { role: 'user', parts: [{ type: 'text', text: 'Make it divide.' }] },
      {
        role: 'assistant',
        content: '',
        parts: [
          { type: 'text', text: 'I look.' },
          { type: 'tool-sh', toolCallId: 'a', state: 'output-available', input: args, output },
        ],
      },
    ],
  ],
  [
    'AI SDK invocations',
    [
      asked,
      {
        role: 'assistant',
        content: '',
        parts: [
          { type: 'text', text: 'I look.' },
          { type: 'tool-invocation', toolInvocation: { state: 'result', toolCallId: 'a', toolName: 'sh', args, result: output } },
        ],
        toolInvocations: [{ state: 'result', toolCallId: 'a', toolName: 'sh', args, result: output }],
      },
    ],
  ],
  [
    'Bedrock parts',
    [
      { role: 'user', content: [{ text: 'Make it divide.' }] },
      { role: 'assistant', content: [{ text: 'I look.' }, { toolUse: { toolUseId: 'a', name: 'sh', input: args } }] },
      { role: 'user', content: [{ toolResult: { toolUseId: 'a', content: [{ text: output }], status: 'success' } }] },
    ],
  ],
  [
    'Cohere messages',
    [
      asked,
      { role: 'CHATBOT', content: 'I look.', tool_calls: [{ name: 'sh', parameters: args }] },
      { role: 'TOOL', tool_results: [{ call: { name: 'sh', parameters: args }, outputs: [{ output }] }] },
    ],
  ],
  [
    'a prompt with its completion',
    {
      prompt: [asked],
      completion: [
        { role: 'assistant', content: 'I look.', tool_calls: [{ id: 'a', function: { name: 'sh', arguments: text } }] },
        { role: 'tool', tool_call_id: 'a', content: output },
      ],
    },
  ],
];

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
