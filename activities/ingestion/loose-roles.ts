import type { LooseMessage } from './loose-message.ts';

/** What a role's name stands for; `call` is a call that is a message of its own. */
export type LooseRole = LooseMessage['role'] | 'call';

const spellings: [LooseRole, string][] = [
  ['system', 'system developer system_prompt system_message system_instruction'],
  ['user', 'user human prompter user_message human_message'],
  ['assistant', 'assistant ai gpt model bot chatbot agent assistant_message ai_message ai_message_chunk'],
  ['tool', 'tool function observation ipython environment tool_message function_message'],
  ['tool', 'tool_result tool_results tool_response tool_output function_response function_result function_output'],
  ['call', 'function_call tool_call tool_calls tool_use'],
];

const roles = new Map(spellings.flatMap(([role, names]) => names.split(' ').map((name) => [name.replaceAll('_', ''), role])));

/** The role that a name means in any spelling: capitals, hyphens and blanks do not count. Undefined for others. */
export function roleOf(name: unknown): LooseRole | undefined {
  if (typeof name !== 'string') return undefined;
  return roles.get(name) ?? roles.get(name.toLowerCase().replace(/[^a-z]/g, ''));
}
