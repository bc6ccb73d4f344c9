import { at, type Fields, fieldsOf, listOf, textOf } from '../loose-values.ts';
import { isRecord } from '../../../schemas/is-record.ts';

/**
 * The conversation of a sample of Inspect, and what only its events have: replies and results of agents that worked for the main one, or
 * that were cut from its messages later. Texts that stand apart as attachments are put in their places.
 */
export function inspectConversations(sample: Fields): [messages: unknown[], aside: unknown[]] {
  const attachments = fieldsOf(sample['attachments']);
  const filled = (value: unknown) => withAttachments(value, attachments);
  const messages = listOf(sample['messages']).map((message) => readable(filled(message)));
  const known = new Set(messages.flatMap((message) => callIds(message)));
  const aside: unknown[] = [];
  const answered = new Set<string>();
  for (const event of listOf(sample['events'])) {
    const reply = at(listOf(at(event, 'output', 'choices'))[0], 'message');
    const ids = callIds(reply);
    if (at(event, 'event') === 'model' && ids.some((id) => !known.has(id))) {
      aside.push(readable(filled(reply)));
      for (const id of ids) known.add(id).add(`aside ${id}`);
    }
    const id = textOf(at(event, 'id'));
    if (at(event, 'event') !== 'tool' || id === null || answered.has(id) || (known.has(id) && !known.has(`aside ${id}`))) continue;
    answered.add(id);
    const { function: name, arguments: given, result, error } = fieldsOf(filled(event));
    if (!known.has(id)) aside.push({ role: 'assistant', content: '', tool_calls: [{ id, function: name, arguments: given }] });
    aside.push(readable({ role: 'tool', tool_call_id: id, function: name, content: result ?? '', error }));
  }
  return [messages, aside];
}

function callIds(message: unknown): string[] {
  return listOf(at(message, 'tool_calls')).flatMap((call) => textOf(at(call, 'id')) ?? []);
}

/** A failed call has its text beside the content; reasoning that the provider hides is no text. */
function readable(message: unknown): unknown {
  if (!isRecord(message)) return message;
  const content = Array.isArray(message['content'])
    ? message['content'].filter((part) => at(part, 'redacted') !== true || hasSummary(part))
    : message['content'];
  const error = textOf(at(message, 'error', 'message'));
  const failed = message['role'] === 'tool' && error !== null && (content === '' || content === undefined || content === null);
  if (message['role'] !== 'tool') return { ...message, content };
  const { function: name, ...rest } = message;
  return { ...rest, name, content: failed ? error : content };
}

function hasSummary(part: unknown): boolean {
  return textOf(at(part, 'summary')) !== null;
}

const prefix = 'attachment://';

function withAttachments(value: unknown, attachments: Fields): unknown {
  if (typeof value === 'string') return value.startsWith(prefix) ? (attachments[value.slice(prefix.length)] ?? value) : value;
  if (Array.isArray(value)) return value.map((item) => withAttachments(item, attachments));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withAttachments(inner, attachments)]));
}
