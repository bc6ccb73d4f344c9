import type { Message, ToolDefinition } from '../../../schemas/message.ts';

const parameters = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'path of the file' },
    first: { type: 'integer', description: 'number of the first line, from 1' },
    last: { type: 'integer', description: 'number of the last line' },
    numbered: { type: 'boolean', description: 'whether each line is shown with its number' },
  },
  required: ['path', 'first', 'last', 'numbered'],
  additionalProperties: false,
};

/** One tool with a parameter of each type that tool calls of harnesses have. */
export const canaryTool: ToolDefinition = {
  type: 'function',
  function: { name: 'read_lines', description: 'Reads some lines of a text file.', parameters },
};

/** What the question asks for. */
const answer = { path: 'notes.txt', first: 3, last: 7, numbered: true };

/**
 * The same, as servers take it that force the arguments into the shape of the schema. A model that makes no sense would never
 * end a number or a text, so that each value has to be given.
 */
export const strictTool = {
  ...canaryTool,
  function: {
    ...canaryTool.function,
    strict: true,
    parameters: {
      ...parameters,
      properties: {
        path: { ...parameters.properties.path, enum: [answer.path] },
        first: { ...parameters.properties.first, enum: [answer.first] },
        last: { ...parameters.properties.last, enum: [answer.last] },
        numbered: { ...parameters.properties.numbered, enum: [answer.numbered] },
      },
    },
  },
};

/** The text by which scripts and logs know the canary. */
const opening = 'This is a check of the connection, not a task.';

export const question: Message[] = [
  { role: 'system', content: 'You work with the tools that you are given. Whenever a tool can answer, call it.' },
  {
    role: 'user',
    content: `${opening} Use the tool read_lines once to read lines 3 to 7 of the file notes.txt, each with its number.`,
  },
];

/** A thought that takes some 150 tokens, so that a server that drops it is seen in its count of the prompt. */
const thought = Array.from(
  { length: 12 },
  (_, n) => `Step ${n + 1}: the wanted lines stand in a file of the folder, and the tool reads them.`,
).join(' ');

/** A second turn, with the reasoning of the first one and without. */
export function secondTurn(withThought: boolean): Message[] {
  return [
    ...question,
    {
      role: 'assistant',
      content: '',
      ...(withThought && { reasoning_content: thought }),
      tool_calls: [{ id: 'call_0', type: 'function', function: { name: 'read_lines', arguments: JSON.stringify(answer) } }],
    },
    { role: 'tool', tool_call_id: 'call_0', content: '3 three\n4 four\n5 five\n6 six\n7 seven' },
  ];
}
