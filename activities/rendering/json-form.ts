import type { ToolDefinition } from '../../schemas/message.ts';
import type { BaseForm } from './base-form.ts';
import { canonicalArguments } from './canonical-arguments.ts';
import { harmless } from './harmless-text.ts';
import { pythonJson } from './python-json.ts';

/** Thinking and Instruct: tools and calls are lines of JSON. */
export const jsonForm: BaseForm = {
  tools: (tools) =>
    '# Tools\n\nThese functions can be called. Each line between the <tools></tools> tags is the signature of one, as JSON:\n<tools>\n' +
    `${tools.map((tool) => `${harmless(signature(tool))}}}\n`).join('')}</tools>\n\n` +
    'A call is a JSON object with the name of the function and its arguments, between <tool_call></tool_call> tags of its own:\n' +
    '<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>',
  call: ({ name, arguments: text }) =>
    `<tool_call>\n{"name": ${JSON.stringify(name)}, "arguments": ${canonicalArguments(text)}}\n</tool_call>`,
  beforeCalls: '\n',
  observation: (content) => `\n<tool_response>\n${content}\n</tool_response>`,
  observations: { start: '<|im_start|>user', end: '<|im_end|>\n' },
};

function signature({ function: { name, description, parameters } }: ToolDefinition): string {
  return (
    `{"type": "function", "function": {"name": ${JSON.stringify(name)}` +
    `, "description": ${JSON.stringify(description)}, "parameters": ${pythonJson(parameters)}`
  );
}
