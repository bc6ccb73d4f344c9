/** One call and its result, in every shape that a conversation may give them; each reads as the same. */
export const asked = { role: 'user', content: 'Make it divide.' };
export const args = { command: 'git status --short' };
export const text = JSON.stringify(args);
export const output = ' M calc.py';

export const shapes: [string, unknown][] = [
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
