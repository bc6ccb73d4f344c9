import type { Message, ToolDefinition } from '../../../schemas/message.ts';
import type { Reply } from '../../../schemas/turn.ts';

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
export const checkTool: ToolDefinition = {
  type: 'function',
  function: { name: 'read_lines', description: 'Reads some lines of a text file.', parameters },
};

/** What the question asks for. */
export const checkAnswer = { path: 'notes.txt', first: 3, last: 7, numbered: true };

/**
 * The same, as servers take it that force the arguments into the shape of the schema. A model that makes no sense would never
 * end a number or a text, so that each value has to be given.
 */
export const strictTool = {
  ...checkTool,
  function: {
    ...checkTool.function,
    strict: true,
    parameters: {
      ...parameters,
      properties: {
        path: { ...parameters.properties.path, enum: [checkAnswer.path] },
        first: { ...parameters.properties.first, enum: [checkAnswer.first] },
        last: { ...parameters.properties.last, enum: [checkAnswer.last] },
        numbered: { ...parameters.properties.numbered, enum: [checkAnswer.numbered] },
      },
    },
  },
};

/** The text by which scripts and logs know a check. */
export const checkOpening = 'This is a check of the connection, not a task.';

export const question: Message[] = [
  { role: 'system', content: 'You work with the tools that you are given. Whenever a tool can answer, call it.' },
  {
    role: 'user',
    content: `${checkOpening} Use the tool read_lines once to read lines 3 to 7 of the file notes.txt, each with its number.`,
  },
];

/** A thought that takes some 150 tokens, so that a server that drops it is seen in its count of the prompt. */
export const thought = Array.from(
  { length: 12 },
  (_, n) => `Step ${n + 1}: the wanted lines stand in a file of the folder, and the tool reads them.`,
).join(' ');

/** A second turn after the call of the first, with reasoning or without. */
export function secondTurn(
  { content, tool_calls: [call] }: Pick<Reply, 'content' | 'tool_calls'>,
  reasoning: string | undefined,
): Message[] {
  const made = call ?? { id: 'call_0', type: 'function', function: { name: 'read_lines', arguments: JSON.stringify(checkAnswer) } };
  return [
    ...question,
    { role: 'assistant', content, ...(reasoning !== undefined && { reasoning_content: reasoning }), tool_calls: [made] },
    { role: 'tool', tool_call_id: made.id, content: '3 three\n4 four\n5 five\n6 six\n7 seven' },
  ];
}
