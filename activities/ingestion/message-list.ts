import { looseMessage, type LooseMessage, readMessage } from './loose-message.ts';
import { at, fieldsOf, isFields, textOf } from './loose-values.ts';
import type { Oddities } from './oddities.ts';

/** The messages of a list; what is none is left out and noted. */
export function readMessages(list: unknown[], oddities: Oddities): LooseMessage[] {
  return list.flatMap((item, index) => {
    const message = readMessage(item);
    if (message === null)
      oddities.note(`no message: ${isFields(item) ? `role ${JSON.stringify(item['role'] ?? null)}` : typeof item}`, index);
    else if (textOf(at(item, 'think')) !== null) oddities.note('a field `think` of unknown meaning is left out', index);
    return message ?? [];
  });
}

/** Whether a value is a list that begins with a message. */
export function isMessageList(value: unknown): value is unknown[] {
  return Array.isArray(value) && readMessage(value[0]) !== null;
}

/** A reply as the API returned it: the first choice's message. */
export function replyMessage(response: unknown): LooseMessage | null {
  const choices = at(response, 'choices');
  const message = Array.isArray(choices) ? at(choices[0], 'message') : null;
  if (!isFields(message)) return null;
  return readMessage({ ...fieldsOf(message), role: 'assistant' }) ?? looseMessage('assistant', '');
}
