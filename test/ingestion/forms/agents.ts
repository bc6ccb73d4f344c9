import { zipOf } from '../../tables/zip-writer.ts';
import type { Form } from './form.ts';
import type { Made, MadeCall } from './made.ts';
import { geminiContents, linesOf, openAiMessages, responseItems } from './plain.ts';

const one = (name: string, ending: string, write: (made: Made) => string | Uint8Array, more: Partial<Form> = {}): Form => ({
  name,
  ending,
  single: true,
  write: ([made]) => (made === undefined ? '' : write(made)),
  ...more,
});

/** The reply of the API that a turn came from. */
const replies = (made: Made) => openAiMessages(made).filter(({ role }) => role === 'assistant');

function claudeCode(made: Made): unknown[] {
  let number = 0;
  const line = (type: string, message: unknown) => {
    number += 1;
    return {
      type,
      message,
      uuid: `u${number}`,
      parentUuid: number === 1 ? null : `u${number - 1}`,
      sessionId: made.id,
      isSidechain: false,
    };
  };
  return [
    { type: 'summary', summary: 'x', leafUuid: 'u1' },
    line('user', { role: 'user', content: made.task }),
    ...made.turns.flatMap(({ text, reasoning, calls }, turn) => {
      const blocks = [
        ...(reasoning === '' ? [] : [{ type: 'thinking', thinking: reasoning }]),
        ...(text === '' ? [] : [{ type: 'text', text }]),
        ...calls.map(({ id, name, args }) => ({ type: 'tool_use', id, name, input: args })),
      ];
      return [
        ...blocks.map((block) => line('assistant', { id: `m${turn}`, role: 'assistant', model: 'm', content: [block] })),
        ...calls.map(({ id, result }) =>
          line('user', { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: result }] }),
        ),
      ];
    }),
  ];
}

const codex = (made: Made) => [
  { type: 'session_meta', payload: { id: made.id, cwd: '/repo' } },
  ...responseItems(made).map((payload) => ({ type: 'response_item', payload })),
];

function geminiSession({ id, task, turns }: Made): { head: Record<string, unknown>; messages: unknown[] } {
  const call = ({ id: callId, name, args, result }: MadeCall) => ({
    id: callId,
    name,
    args,
    result: [{ functionResponse: { id: callId, name, response: { output: result } } }],
    status: 'success',
  });
  return {
    head: { sessionId: id, projectHash: 'h', startTime: 't' },
    messages: [
      { id: 'u', type: 'user', content: task },
      ...turns.map(({ text, reasoning, calls }, turn) => ({
        id: `g${turn}`,
        type: 'gemini',
        content: text,
        thoughts: reasoning === '' ? [] : [{ description: reasoning }],
        toolCalls: calls.map(call),
      })),
    ],
  };
}

const qwen = (made: Made) =>
  geminiContents(made).map((message, index) => ({
    uuid: `u${index}`,
    sessionId: made.id,
    type: message['role'] === 'model' ? 'assistant' : 'user',
    message,
  }));

function openHandsEvents(made: Made): unknown[] {
  const responses = replies(made);
  return [
    { source: 'agent', action: 'system', args: { content: made.system } },
    { source: 'user', action: 'message', args: { content: made.task } },
    ...made.turns.flatMap(({ text, calls }, turn): unknown[] => {
      const metadata = (id: string) => ({ tool_call_id: id, model_response: { id: `r${turn}`, choices: [{ message: responses[turn] }] } });
      if (calls.length === 0) return [{ source: 'agent', action: 'message', args: { content: text } }];
      return [
        ...calls.map(({ id, args }) => ({ source: 'agent', action: 'run', args, tool_call_metadata: metadata(id) })),
        ...calls.map(({ id, result }) => ({
          source: 'agent',
          observation: 'run',
          cause: 1,
          content: result,
          extras: {},
          tool_call_metadata: metadata(id),
        })),
      ];
    }),
  ];
}

function openHandsV1Events(made: Made): unknown[] {
  const text = (words: string) => (words === '' ? [] : [{ type: 'text', text: words }]);
  return [
    { kind: 'SystemPromptEvent', source: 'agent', system_prompt: { type: 'text', text: made.system }, tools: [] },
    { kind: 'MessageEvent', source: 'user', llm_message: { role: 'user', content: text(made.task) } },
    ...made.turns.flatMap(({ text: words, reasoning, calls }, turn): unknown[] => {
      if (calls.length === 0) return [{ kind: 'MessageEvent', source: 'agent', llm_message: { role: 'assistant', content: text(words) } }];
      return [
        ...calls.map(({ id, name, args }, index) => ({
          kind: 'ActionEvent',
          source: 'agent',
          llm_response_id: `r${turn}`,
          thought: index === 0 ? text(words) : [],
          ...(index === 0 && reasoning !== '' ? { reasoning_content: reasoning } : {}),
          tool_call_id: id,
          tool_call: { id, name, arguments: JSON.stringify(args) },
        })),
        ...calls.map(({ id, result }) => ({
          kind: 'ObservationEvent',
          source: 'environment',
          tool_call_id: id,
          observation: { content: text(result) },
        })),
      ];
    }),
  ];
}

const completion = (made: Made) => {
  const messages = openAiMessages(made);
  return { messages: messages.slice(0, -1), response: { choices: [{ message: messages.at(-1) }] }, kwargs: {} };
};

const atif = (made: Made) => ({
  schema_version: 'ATIF-v1.6',
  session_id: made.id,
  agent: { name: 'x', version: '1' },
  steps: [
    { step_id: 1, source: 'system', message: made.system },
    { step_id: 2, source: 'user', message: made.task },
    ...made.turns.map(({ text, reasoning, calls }, index) => ({
      step_id: index + 3,
      source: 'agent',
      message: text,
      ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
      tool_calls: calls.map(({ id, name, args }) => ({ tool_call_id: id, function_name: name, arguments: args })),
      observation: { results: calls.map(({ id, result }) => ({ source_call_id: id, content: result })) },
    })),
  ],
});

const sweAgent = (made: Made) => ({
  environment: made.id,
  trajectory: made.turns.map(({ text }) => ({ action: '', observation: '', response: text, thought: text })),
  history: openAiMessages(made).map(({ tool_call_id: id, ...message }) => ({
    ...message,
    agent: 'main',
    ...(id === undefined ? {} : { tool_call_ids: [id] }),
  })),
  info: { exit_status: 'submitted', submission: '' },
});

/** SWE-agent 0.x, and what was made of it: commands are text, results the user's. */
const spoken = (made: Made) =>
  made.turns.map(({ text, calls: [call] }) => ({
    text,
    command: call === undefined ? null : String(call.args['command']),
    result: call?.result ?? '',
  }));

const sweAgent0 = (made: Made) => ({
  environment: made.id,
  trajectory: [],
  history: [
    { role: 'system', content: made.system },
    { role: 'user', content: made.task },
    ...spoken(made).flatMap(({ text, command, result }) => [
      { role: 'assistant', content: text, thought: text, action: command },
      ...(command === null ? [] : [{ role: 'user', content: result }]),
    ]),
  ],
  info: { exit_status: 'submitted' },
});

const nebius = (made: Made) => ({
  instance_id: made.id,
  model_name: 'm',
  target: true,
  trajectory: [
    { role: 'system', system_prompt: made.system, text: null },
    { role: 'user', text: made.task },
    ...spoken(made).flatMap(({ text, command, result }) => [
      { role: 'ai', text: command === null ? text : `${text}\n\`\`\`\n${command}\n\`\`\`` },
      ...(command === null ? [] : [{ role: 'user', text: result }]),
    ]),
  ],
});

const mini = (made: Made) => ({
  trajectory_format: 'mini-swe-agent-1.1',
  instance_id: made.id,
  info: { mini_version: '2.0', exit_status: 'Submitted', submission: '' },
  messages: openAiMessages(made),
});

function inspectSample(made: Made): Record<string, unknown> {
  const messages = openAiMessages(made, ({ text, reasoning, calls }) => ({
    content:
      reasoning === ''
        ? text
        : [
            { type: 'reasoning', reasoning },
            { type: 'text', text },
          ],
    reasoning_content: undefined,
    tool_calls: calls.map(({ id, name, args }) => ({ id, function: name, arguments: args, type: 'function' })),
  }));
  return { id: made.id, epoch: 1, messages, scores: {}, output: { choices: [{ stop_reason: 'stop' }] } };
}

const inspectHead = { version: 2, status: 'success', eval: { task: 't', model: 'm' }, plan: {} };

/** Forms that agents and their harnesses write. */
export const agentForms: Form[] = [
  one('claude-code', 'jsonl', (made) => linesOf(claudeCode(made))),
  one('codex', 'jsonl', (made) => linesOf(codex(made))),
  one('codex-older', 'jsonl', (made) => linesOf([{ id: made.id, timestamp: 't', instructions: null }, ...responseItems(made)])),
  one('gemini-cli', 'json', (made) => {
    const { head, messages } = geminiSession(made);
    return JSON.stringify({ ...head, messages }, null, 2);
  }),
  one('gemini-cli-lines', 'jsonl', (made) => {
    const { head, messages } = geminiSession(made);
    return linesOf([head, ...messages]);
  }),
  one('gemini-checkpoint', 'json', (made) => JSON.stringify({ history: geminiContents(made) })),
  one('qwen-code', 'jsonl', (made) => linesOf(qwen(made))),
  one('openhands-events', 'json', (made) => JSON.stringify(openHandsEvents(made))),
  one('openhands-event-a-line', 'jsonl', (made) => linesOf(openHandsEvents(made))),
  one('openhands-v1', 'json', (made) => JSON.stringify(openHandsV1Events(made), null, 1)),
  one('openhands-v1-event-a-line', 'jsonl', (made) => linesOf(openHandsV1Events(made))),
  one('openhands-completion', 'json', (made) => JSON.stringify(completion(made))),
  one('atif', 'json', (made) => JSON.stringify(atif(made), null, 1)),
  one('sweagent', 'traj', (made) => JSON.stringify(sweAgent(made), null, 1)),
  one('sweagent-0', 'traj', (made) => JSON.stringify(sweAgent0(made)), { reasoning: false, commands: true }),
  one('mini-swe-agent', 'traj.json', (made) => JSON.stringify(mini(made))),
  {
    name: 'openhands-rows',
    ending: 'jsonl',
    write: (all) => linesOf(all.map((made) => ({ instance_id: made.id, history: openHandsEvents(made) }))),
  },
  { name: 'nebius-sweagent', ending: 'jsonl', reasoning: false, commands: true, write: (all) => linesOf(all.map(nebius)) },
  { name: 'inspect', ending: 'json', write: (all) => JSON.stringify({ ...inspectHead, samples: all.map(inspectSample) }) },
  {
    name: 'inspect-archive',
    ending: 'eval',
    write: (all) =>
      zipOf({
        'header.json': JSON.stringify(inspectHead),
        ...Object.fromEntries(all.map((made) => [`samples/${made.id}_epoch_1.json`, JSON.stringify(inspectSample(made))])),
      }),
  },
];
