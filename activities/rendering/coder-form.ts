import { z } from 'zod';
import type { ToolDefinition } from '../../schemas/message.ts';
import type { BaseForm } from './base-form.ts';
import { readArguments } from './canonical-arguments.ts';
import { harmless } from './harmless-text.ts';
import { pythonJson } from './python-json.ts';
import { isRecord } from '../../schemas/is-record.ts';

/** Coder: tools and calls are blocks of tags, and arguments stand as they are. */
export const coderForm: BaseForm = {
  tools: (tools) =>
    `# Tools\n\nThese functions can be called:\n\n<tools>${tools.map(signature).join('')}\n</tools>\n\n` +
    'A call has this form, with one block for each argument. A value stands on lines of its own and may take several:\n\n' +
    '<tool_call>\n<function=function_name>\n<parameter=parameter_name>\nvalue\n</parameter>\n</function>\n</tool_call>',
  call: ({ name, arguments: text }) => {
    let block = `<tool_call>\n<function=${name}>\n`;
    for (const [argument, value] of readArguments(text)) block += `<parameter=${unquoted(argument)}>\n${unquoted(value)}\n</parameter>\n`;
    return `${block}</function>\n</tool_call>`;
  },
  beforeCalls: '\n\n',
  observation: (content) => `<tool_response>\n${content}\n</tool_response>\n`,
  observations: { start: '<|im_start|>user\n', end: '<|im_end|>\n' },
};

/** The value of a JSON string; the text of any other value. */
function unquoted(json: string): string {
  if (!json.startsWith('"')) return json;
  if (!json.includes('\\')) return json.slice(1, -1);
  return z.string().parse(JSON.parse(json));
}

function signature({ function: { name, description, parameters } }: ToolDefinition): string {
  return (
    `\n<function>\n<name>${harmless(name)}</name>\n<description>${harmless(description)}</description>\n<parameters>` +
    Object.entries(isRecord(parameters['properties']) ? parameters['properties'] : {})
      .map(parameter)
      .join('') +
    `${harmless(further(parameters, ['type', 'properties']))}\n</parameters>\n</function>`
  );
}

function parameter([name, schema]: [string, unknown]): string {
  const opening = `\n<parameter>\n<name>${harmless(name)}</name>`;
  if (!isRecord(schema)) return `${opening}\n</parameter>`;
  const { type, description } = schema;
  return (
    opening +
    (type === undefined || type === null ? '' : `\n<type>${harmless(plain(type))}</type>`) +
    (typeof description === 'string' ? `\n<description>${harmless(description)}</description>` : '') +
    `${harmless(further(schema, ['type', 'description']))}\n</parameter>`
  );
}

/** What a schema says beyond the known fields. */
function further(schema: Readonly<Record<string, unknown>>, known: readonly string[]): string {
  return Object.entries(schema)
    .filter(([name, value]) => !known.includes(name) && value !== null && value !== undefined)
    .map(([name, value]) => `\n<${name}>${plain(value)}</${name}>`)
    .join('');
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : pythonJson(value);
}
