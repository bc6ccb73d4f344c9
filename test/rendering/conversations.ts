import type { Conversation } from '../../activities/rendering/conversation.ts';
import type { Message, ToolCall, ToolDefinition } from '../../schemas/message.ts';
import type { Mode } from '../../schemas/names.ts';

const tools: ToolDefinition[] = [
  {
    type: 'function',
    function: { name: 'ls', description: 'Lists a folder.', parameters: { type: 'object', properties: { path: { type: 'string' } } } },
  },
];

/** A conversation that begins with a system prompt and a request, and goes on as given. */
export function conversation(mode: Mode, then: readonly Message[]): Conversation {
  return { mode, tools, messages: [{ role: 'system', content: 'You mend code.' }, { role: 'user', content: 'Mend it.' }, ...then] };
}

export function call(name: string, text: string): ToolCall {
  return { id: 'a', type: 'function', function: { name, arguments: text } };
}
