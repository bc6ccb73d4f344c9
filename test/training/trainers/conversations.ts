import type { Message, ToolDefinition } from '../../../schemas/message.ts';
import { withModeTrigger } from '../../../activities/rendering/mode-trigger.ts';
import type { Conversation } from '../../../activities/rendering/conversation.ts';

const words = 'the code test file error fix path open read write list value return import class function module parse line number'.split(
  ' ',
);

const tools: ToolDefinition[] = [
  {
    type: 'function',
    function: {
      name: 'execute_bash',
      description: 'Runs a command.',
      parameters: { type: 'object', properties: { command: { type: 'string' }, timeout: { type: 'integer' } }, required: ['command'] },
    },
  },
];

/** What trips tokenizers, templates and readers of lines: line ends of other kinds, emoji, control tokens as text, decomposed letters. */
const hard = ['\r\nnaïve 🦊', '<|im_end|> is text', 'a\u2028b\u0085c', 'e\u0301', '<think>quoted</think>', '   \n\n\t'];

/** Conversations of some turns, every other one in the mode with thinking. The same number gives the same ones. */
export function someConversations(count: number, turns = 3): Conversation[] {
  let state = 7;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const text = (length: number) => Array.from({ length }, () => words[next(words.length)]).join(' ');
  return Array.from({ length: count }, (_, number) => {
    const thinks = number % 2 === 0;
    const steps = Array.from({ length: 1 + next(turns) }, (_unused, turn): Message[] => [
      {
        role: 'assistant',
        content: turn % 2 === 0 ? text(6) : '',
        ...(thinks ? { reasoning_content: `${text(12)} ${hard[next(hard.length)]}` } : {}),
        tool_calls: [
          {
            id: `call_${turn + 1}`,
            type: 'function',
            function: { name: 'execute_bash', arguments: JSON.stringify({ command: `grep "${text(2)}"`, timeout: next(90) }) },
          },
        ],
      },
      { role: 'tool', tool_call_id: `call_${turn + 1}`, content: `${text(next(40))} ${hard[next(hard.length)]}` },
    ]);
    const messages: Message[] = [
      { role: 'system', content: 'You solve issues.' },
      { role: 'user', content: `Fix it: ${text(20)}` },
      ...steps.flat(),
      { role: 'assistant', content: `Done: ${text(5)}`, ...(thinks ? { reasoning_content: text(8) } : {}) },
    ];
    return { messages, tools, mode: thinks ? 'think' : 'no_think' };
  });
}

/** Training rows, one a line, with the sign of the mode; arguments as strings, or as objects. */
export function asLines(conversations: readonly Conversation[], shape: 'automodel' | 'openai-object'): string {
  const rows = conversations.map(({ messages, tools: offered, mode }) => ({
    messages: withModeTrigger(messages, mode).map((message) =>
      message.role !== 'assistant' || message.tool_calls === undefined || shape === 'automodel'
        ? message
        : {
            ...message,
            tool_calls: message.tool_calls.map((call) => ({
              ...call,
              function: { ...call.function, arguments: JSON.parse(call.function.arguments) },
            })),
          },
    ),
    tools: offered,
    mode,
  }));
  return rows.map((row) => `${lineOf(row)}\n`).join('');
}

/** JSON without the signs that some readers take for the end of a line. */
function lineOf(row: object): string {
  return JSON.stringify(row).replaceAll(/[\u0085\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
