import type { Form } from './form.ts';
import type { Made, MadeCall, MadeTurn } from './made.ts';

const native = ({ id, name, args }: MadeCall) => ({ id, type: 'function', function: { name, arguments: JSON.stringify(args) } });
const prompts = ({ system, task }: Made) => [
  { role: 'system', content: system },
  { role: 'user', content: task },
];
const thought = (turn: MadeTurn) => (turn.reasoning === '' ? {} : { reasoning_content: turn.reasoning });

/** Messages as OpenAI has them; `change` gives the spelling of another. */
export function openAiMessages(made: Made, change: (turn: MadeTurn) => Record<string, unknown> = () => ({})): Record<string, unknown>[] {
  return [
    ...prompts(made),
    ...made.turns.flatMap((turn) => [
      {
        role: 'assistant',
        content: turn.text,
        ...thought(turn),
        ...(turn.calls.length === 0 ? {} : { tool_calls: turn.calls.map(native) }),
        ...change(turn),
      },
      ...turn.calls.map(({ id, result }) => ({ role: 'tool', tool_call_id: id, content: result })),
    ]),
  ];
}

const withoutIds = (made: Made) =>
  openAiMessages(made, ({ calls }) =>
    calls.length === 0 ? {} : { tool_calls: calls.map((call) => ({ ...native(call), id: undefined })) },
  ).map(({ tool_call_id: _id, ...message }) => message);

function anthropic({ task, turns }: Made): unknown[] {
  return [
    { role: 'user', content: task },
    ...turns.flatMap(({ text, reasoning, calls }) => [
      {
        role: 'assistant',
        content: [
          ...(reasoning === '' ? [] : [{ type: 'thinking', thinking: reasoning, signature: 'x' }]),
          ...(text === '' ? [] : [{ type: 'text', text }]),
          ...calls.map(({ id, name, args }) => ({ type: 'tool_use', id, name, input: args })),
        ],
      },
      ...(calls.length === 0
        ? []
        : [{ role: 'user', content: calls.map(({ id, result }) => ({ type: 'tool_result', tool_use_id: id, content: result })) }]),
    ]),
  ];
}

export function responseItems({ task, turns }: Made): Record<string, unknown>[] {
  return [
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: task }] },
    ...turns.flatMap(({ text, reasoning, calls }) => [
      ...(reasoning === '' ? [] : [{ type: 'reasoning', summary: [{ type: 'summary_text', text: reasoning }] }]),
      ...(text === '' ? [] : [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }]),
      ...calls.map(({ id, name, args }) => ({ type: 'function_call', call_id: id, name, arguments: JSON.stringify(args) })),
      ...calls.map(({ id, result }) => ({ type: 'function_call_output', call_id: id, output: result })),
    ]),
  ];
}

export function geminiContents({ task, turns }: Made): Record<string, unknown>[] {
  return [
    { role: 'user', parts: [{ text: task }] },
    ...turns.flatMap(({ text, reasoning, calls }) => [
      {
        role: 'model',
        parts: [
          ...(reasoning === '' ? [] : [{ text: reasoning, thought: true }]),
          ...(text === '' ? [] : [{ text }]),
          ...calls.map(({ name, args }) => ({ functionCall: { name, args } })),
        ],
      },
      ...(calls.length === 0
        ? []
        : [{ role: 'user', parts: calls.map(({ name, result }) => ({ functionResponse: { name, response: { output: result } } })) }]),
    ]),
  ];
}

function langChain({ system, task, turns }: Made): unknown[] {
  return [
    { type: 'system', content: system },
    { type: 'human', content: task },
    ...turns.flatMap(({ text, calls }) => [
      { type: 'ai', content: text, tool_calls: calls.map(({ id, name, args }) => ({ name, args, id, type: 'tool_call' })) },
      ...calls.map(({ id, name, result }) => ({ type: 'tool', name, tool_call_id: id, content: result })),
    ]),
  ];
}

/** Calls in tags, as sets for training have them; results come from the user in tags as well. */
function tagged({ system, task, turns }: Made): unknown[] {
  return [
    { role: 'system', content: system },
    { role: 'user', content: task },
    ...turns.flatMap(({ text, calls }) => [
      {
        role: 'assistant',
        content: [text, ...calls.map(({ name, args }) => `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`)]
          .filter((part) => part !== '')
          .join('\n'),
      },
      ...(calls.length === 0
        ? []
        : [{ role: 'user', content: calls.map(({ result }) => `<tool_response>\n${result}\n</tool_response>`).join('\n') }]),
    ]),
  ];
}

const rows = (name: string, rowOf: (made: Made) => unknown, more: Partial<Form> = {}): Form => ({
  name,
  ending: 'jsonl',
  write: (all) => all.map((one) => `${JSON.stringify(rowOf(one))}\n`).join(''),
  ...more,
});

const published = (made: Made) => ({ instance_id: made.id, trajectory_id: made.id, repo: 'a/b' });

/** Forms with a trajectory a line. */
export const plainForms: Form[] = [
  rows('openai', (made) => ({ id: made.id, messages: openAiMessages(made) })),
  rows('openai-without-ids', (made) => ({ id: made.id, messages: withoutIds(made) })),
  rows('openai-objects', (made) => ({
    id: made.id,
    conversations: openAiMessages(made, ({ calls }) =>
      calls.length === 0 ? {} : { tool_calls: calls.map(({ id, name, args }) => ({ id, name, args })) },
    ),
  })),
  rows('openai-calls-as-text', (made) => ({
    id: made.id,
    messages: openAiMessages(made, ({ calls }) => ({ tool_calls: calls.length === 0 ? null : JSON.stringify(calls.map(native)) })),
  })),
  rows('anthropic', (made) => ({ id: made.id, system: made.system, messages: anthropic(made) })),
  rows('responses', (made) => ({ id: made.id, instructions: made.system, input: responseItems(made) })),
  rows('gemini', (made) => ({ id: made.id, contents: geminiContents(made) })),
  rows('langchain', (made) => ({ id: made.id, messages: langChain(made) }), { reasoning: false }),
  rows('tool-call-tags', (made) => ({ id: made.id, messages: tagged(made) }), { reasoning: false, trimmed: true }),
  rows('open-swe-traces', (made) => ({ ...published(made), metadata: {}, trajectory: openAiMessages(made), resolved: 1 })),
  rows('nebius-openhands', (made) => ({
    ...published(made),
    trajectory: openAiMessages(made),
    exit_status: 'submit',
    gen_tests_correct: 1,
    resolved: 1,
  })),
  rows('swe-zero', (made) => ({ ...published(made), dataset: 'x', model_patch: '', trajectory: openAiMessages(made) })),
  {
    name: 'openai-list',
    ending: 'json',
    write: (all) =>
      JSON.stringify(
        all.map((made) => ({ id: made.id, messages: openAiMessages(made) })),
        null,
        1,
      ),
  },
  {
    name: 'openai-message-a-line',
    ending: 'jsonl',
    single: true,
    write: ([made]) => linesOf(made === undefined ? [] : openAiMessages(made)),
  },
];

export function linesOf(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
