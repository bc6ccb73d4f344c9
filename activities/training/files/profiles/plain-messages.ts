import type { Message } from '../../../../schemas/message.ts';
import { harmless } from '../../../rendering/harmless-text.ts';
import type { LearnedRow } from '../profile.ts';

/**
 * Messages of a role and a text alone. A reply is what the chat template makes of it: reasoning between think tags, text,
 * calls in the form of the base. Other texts are escaped as the template escapes them, since consumers of these forms have
 * templates of their own that do not; escaped text stays as it is when it is escaped again.
 */
export function plainMessages({ conversation, replies }: LearnedRow): { role: Message['role']; content: string }[] {
  let reply = 0;
  return conversation.messages.map(({ role, content }) => {
    if (role !== 'assistant') return { role, content: harmless(content) };
    const text = replies[reply] ?? '';
    reply += 1;
    return { role, content: text };
  });
}
