import type { Message, ToolCall } from '../../../../schemas/message.ts';
import { factsOf, jsonLines } from '../profile.ts';

/**
 * As `automodel`, with arguments as objects. Their text goes into the line as it is: parsed here, large numbers would lose
 * digits and keys that look like numbers their place.
 */
export const openaiObject = jsonLines('TRL, Axolotl, NeMo-RL: arguments as objects', (row) => {
  const { messages, tools } = row.conversation;
  const rest = JSON.stringify({ tools, ...factsOf(row) });
  return `{"messages":[${messages.map(messageJson).join(',')}],${rest.slice(1)}`;
});

function messageJson(message: Message): string {
  if (message.role !== 'assistant' || message.tool_calls === undefined) return JSON.stringify(message);
  const { tool_calls, ...said } = message;
  return `${JSON.stringify(said).slice(0, -1)},"tool_calls":[${tool_calls.map(callJson).join(',')}]}`;
}

function callJson({ id, type, function: { name, arguments: text } }: ToolCall): string {
  return `{"id":${JSON.stringify(id)},"type":"${type}","function":{"name":${JSON.stringify(name)},"arguments":${text}}}`;
}
