import type { Teacher } from '../../schemas/campaign.ts';
import type { Message } from '../../schemas/message.ts';
import type { Mode } from '../../schemas/names.ts';
import { withModeTrigger } from '../rendering/mode-trigger.ts';
import { wellFormedJson } from './answer/well-formed.ts';
import type { ModelRequest } from './contract.ts';
import { EarlierReasoning, withReasoning } from './earlier-reasoning.ts';

/**
 * The JSON body of a chat-completions request. Its bytes are a function of the arguments alone: their sha256
 * decides on resume whether a journalled exchange still answers the question asked. `earlier` has taken in the replies
 * before this request.
 */
export function requestBody(
  { messages, tools }: Pick<ModelRequest, 'messages' | 'tools'>,
  teacher: Teacher,
  mode: Mode,
  earlier = new EarlierReasoning(teacher),
): string {
  const { control } = teacher.thinking;
  const body = JSON.stringify({
    model: teacher.model,
    messages: (control.startsWith('suffix') ? withModeTrigger(messages, mode) : messages).map((message) => onTheWire(message, earlier)),
    ...(tools.length > 0 ? { tools } : {}),
    ...teacher.sampling,
    ...(control.endsWith('kwargs') ? { chat_template_kwargs: { enable_thinking: mode === 'think' } } : {}),
    stream: teacher.streaming,
    ...(teacher.streaming ? { stream_options: { include_usage: true } } : {}),
  });
  // Half a surrogate pair, cut out of an observation or said by a model, is written as an escape.
  return wellFormedJson(body);
}

/** Writes the fields in one order, and earlier reasoning where the server reads it. */
function onTheWire(message: Message, earlier: EarlierReasoning): object {
  if (message.role === 'tool') return { role: message.role, tool_call_id: message.tool_call_id, content: message.content };
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  const { role, content, reasoning_content: reasoning, tool_calls } = message;
  return {
    role,
    ...(reasoning === undefined ? { content } : withReasoning(content, reasoning, earlier)),
    ...(tool_calls === undefined ? {} : { tool_calls: tool_calls.map(callOnTheWire) }),
  };
}

function callOnTheWire(call: NonNullable<Extract<Message, { role: 'assistant' }>['tool_calls']>[number]): object {
  // A tool without parameters is called with no arguments at all, which servers that read them as JSON refuse.
  const sent = call.function.arguments.trim() === '' ? '{}' : wellFormedJson(call.function.arguments);
  return { id: call.id, type: call.type, function: { name: call.function.name, arguments: sent } };
}
