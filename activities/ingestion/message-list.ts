import { type LooseMessage, looseMessage } from './loose-message.ts';
import { shapeOf } from './loose-calls.ts';
import { at, fieldsOf, textOf, unfolded } from './loose-values.ts';
import { isRecord } from '../../schemas/is-record.ts';
import type { Oddities } from './oddities.ts';
import { isMessage, readMessage } from './read-message.ts';

/** The messages of a list; what is none is lost, and said to be. Pieces of one reply are put together. `first`: index of the first item. */
export function readMessages(list: unknown[], oddities: Oddities, first = 0): LooseMessage[] {
  const messages: LooseMessage[] = [];
  for (const [place, item] of list.entries()) {
    const index = first + place;
    const value = unfolded(item);
    const read = readMessage(value);
    if (read.length === 0) lose(value, index, oddities);
    else if (textOf(at(item, 'think')) !== null) oddities.note('a field `think` of unknown meaning is left out', index);
    for (const message of read) addMessage(messages, message);
  }
  return messages;
}

function lose(item: unknown, index: number, oddities: Oddities): void {
  if (item === null) return;
  const role = isRecord(item) ? (item['role'] ?? item['from']) : undefined;
  oddities.lose(
    'message',
    role === undefined ? `no message (${shapeOf(item)})` : `no message: role ${JSON.stringify(role)} is not known`,
    index,
  );
}

/** Adds a message; a piece of a reply goes into the reply that it belongs to. */
function addMessage(messages: LooseMessage[], message: LooseMessage): void {
  const last = messages.at(-1);
  if (!message.piece || last?.role !== 'assistant' || (!last.piece && last.calls.length > 0)) {
    messages.push(message);
    return;
  }
  messages[messages.length - 1] = {
    ...last,
    content: joined(last.content, message.content),
    reasoning: joined(last.reasoning, message.reasoning),
    calls: [...last.calls, ...message.calls],
    dropped: [...last.dropped, ...message.dropped],
    lost: [...last.lost, ...message.lost],
  };
}

function joined(before: string, after: string): string {
  return before === '' || after === '' ? before + after : `${before}\n${after}`;
}

/** Items looked at to tell a conversation from another list. */
const looked = 5;

/** Whether a value is a list that begins with messages. */
export function isMessageList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.slice(0, looked).some((item) => isMessage(unfolded(item)));
}

/** A reply as the API returned it: the first choice's message. */
export function replyMessage(response: unknown): LooseMessage | null {
  const choices = at(response, 'choices');
  const message = Array.isArray(choices) ? at(choices[0], 'message') : null;
  if (!isRecord(message)) return null;
  return readMessage({ ...fieldsOf(message), role: 'assistant' })[0] ?? looseMessage('assistant', '');
}
