import type { Message } from '../../schemas/message.ts';
import type { Mode } from '../../schemas/names.ts';

/** What tells a student the mode: the end of the first user message. */
const modeTriggers: Readonly<Record<Mode, string>> = { think: '/think', no_think: '/no_think' };

/**
 * The messages with the sign of their mode: a blank line and the trigger after the first user message, in training as
 * at evaluation (teachers with `thinking.control: suffix` are asked in the same way). Without a user message they stay as
 * they are.
 */
export function withModeTrigger(messages: readonly Message[], mode: Mode): readonly Message[] {
  const first = messages.findIndex((message) => message.role === 'user');
  return messages.map((message, index) =>
    index === first ? { ...message, content: `${message.content}\n\n${modeTriggers[mode]}` } : message,
  );
}
