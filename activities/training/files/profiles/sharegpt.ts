import type { Message } from '../../../../schemas/message.ts';
import { factsOf, jsonLines } from '../profile.ts';
import { plainMessages } from './plain-messages.ts';

const speakers: Readonly<Record<Message['role'], string>> = { system: 'system', user: 'human', assistant: 'gpt', tool: 'tool' };

/** Conversations of `from` and `value`, as many older tools read them; replies are whole texts. */
export const sharegpt = jsonLines('ShareGPT: from and value, replies as whole texts, tools as a JSON string', (row) => {
  const conversations = plainMessages(row).map(({ role, content }) => ({ from: speakers[role], value: content }));
  return JSON.stringify({ conversations, tools: JSON.stringify(row.conversation.tools), ...factsOf(row) });
});
