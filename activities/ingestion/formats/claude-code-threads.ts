import { at, type Fields, fieldsOf, textOf } from '../loose-values.ts';
import { isRecord } from '../../../schemas/is-record.ts';

/** One conversation of a session: the user's, or a sub-agent's. */
export interface Thread {
  id: string;
  /** As the API has them. The lines of one reply are one message. */
  messages: { role: string; content: unknown[] }[];
  model: string | null;
  /** What each request used. */
  usage: unknown[];
  notes: string[];
  /** Why lines could not be read. */
  lost: string[];
  /** Whether calls came as lines of their own, as Cursor's agent prints them. */
  callLines: boolean;
}

/** A line, and the line that it stands in where a sub-agent's messages are shown as progress of the tool that started it. */
interface Line {
  fields: Fields;
  holder: Fields;
}

/**
 * The conversations of a session's lines, the main one first. A line belongs to the conversation of the line that it follows, else to
 * its sub-agent, else to its session, so that a session that was resumed or shortened stays one.
 */
export function threadsOf(lines: readonly Fields[]): Thread[] {
  const builders = new Map<string, ThreadBuilder>();
  const keyOf = new Map<string, string>();
  const seen = new Set<string>();
  for (const line of lines.map(unwrapped)) {
    const uuid = textOf(line.fields['uuid']);
    // A session that was resumed holds the lines before it once more.
    if (uuid !== null && seen.has(uuid)) continue;
    if (uuid !== null) seen.add(uuid);
    const { key, id } = placeOf(line, keyOf);
    if (uuid !== null) keyOf.set(uuid, key);
    const builder = builders.get(key) ?? new ThreadBuilder(id);
    builders.set(key, builder);
    builder.add(line.fields);
  }
  return [...builders.values()].map((builder) => builder.thread()).filter(({ messages }) => messages.length > 0);
}

function unwrapped(fields: Fields): Line {
  const shown = at(fields, 'data', 'message');
  return fields['type'] === 'progress' && isRecord(shown)
    ? { fields: { ...shown, agentId: at(fields, 'data', 'agentId') }, holder: fields }
    : { fields, holder: fields };
}

function placeOf({ fields, holder }: Line, keyOf: Map<string, string>): { key: string; id: string } {
  const session = textOf(holder['sessionId']) ?? textOf(holder['session_id']) ?? '';
  const agent = textOf(fields['agentId']) ?? textOf(fields['parent_tool_use_id']);
  if (agent !== null) return { key: `agent ${agent}`, id: `${session}#${agent}` };
  const parent = textOf(fields['parentUuid']);
  const known = parent === null ? undefined : keyOf.get(parent);
  const aside = fields['isSidechain'] === true;
  // What follows a line of the other kind begins a conversation of its own.
  if (known?.startsWith(aside ? 'aside ' : 'session ') === true) return { key: known, id: session };
  return aside
    ? { key: `aside ${textOf(fields['uuid']) ?? session}`, id: `${session}#${textOf(fields['uuid']) ?? 'sidechain'}` }
    : { key: `session ${session}`, id: session };
}

/** Lines that are no part of the conversation. */
const besides = new Set(['summary', 'result', 'file-history-snapshot', 'queue-operation', 'progress', 'last-prompt']);

class ThreadBuilder {
  readonly #thread: Thread;
  readonly #replies = new Map<string, { blocks: Set<string>; content: unknown[]; request: number }>();

  constructor(id: string) {
    this.#thread = { id, messages: [], model: null, usage: [], notes: [], lost: [], callLines: false };
  }

  thread(): Thread {
    return this.#thread;
  }

  add(line: Fields): void {
    const message = fieldsOf(line['message']);
    const type = textOf(line['type']) ?? '';
    if (type === 'assistant') this.#reply(line, message);
    else if (type === 'user') {
      if (line['isCompactSummary'] === true) this.#note('the harness replaced earlier messages by a summary: they stand in full');
      this.#thread.messages.push({ role: 'user', content: blocksOf(message['content']) });
    } else if (type === 'tool_call') this.#callLine(line);
    else if (type === 'attachment') this.#note('what the harness attached to messages is left out');
    else if (besides.has(type) || type === 'system') return;
    else if (textOf(message['role']) !== null)
      this.#thread.messages.push({ role: textOf(message['role']) ?? '', content: blocksOf(message['content']) });
    else if (/tool|call|command|exec|message/i.test(type))
      this.#thread.lost.push(`a line of the type ${JSON.stringify(type)} that is not known`);
    else this.#note(`lines of the type ${JSON.stringify(type)} are left out`);
  }

  /** A call comes when it starts and once more, with its result, when it ends: `{shellToolCall: {args, result}}`. */
  #callLine(line: Fields): void {
    this.#thread.callLines = true;
    const id = textOf(line['call_id']) ?? '';
    const [label, held] = Object.entries(fieldsOf(line['tool_call']))[0] ?? ['', undefined];
    const asked = label === 'function' ? held : { name: label.replace(/ToolCall$/, ''), arguments: at(held, 'args') ?? {} };
    const block = { type: 'tool_use', id, name: at(asked, 'name'), input: at(asked, 'arguments') };
    if (!this.#replies.has(`call ${id}`)) {
      this.#replies.set(`call ${id}`, { blocks: new Set(), content: [], request: this.#thread.usage.length });
      this.#thread.messages.push({ role: 'assistant', content: [block] });
    }
    if (line['subtype'] !== 'completed') return;
    const result = at(held, 'result');
    const [outcome = result] = isRecord(result) && Object.keys(result).length === 1 ? Object.values(result) : [];
    this.#thread.messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: outcome ?? '' }] });
  }

  /** Each block of a reply comes as a line of its own, under the reply's id, also behind results of the blocks before. */
  #reply(line: Fields, message: Fields): void {
    if (line['isApiErrorMessage'] === true || message['model'] === '<synthetic>') {
      this.#note("messages that the harness wrote in the model's name are left out");
      return;
    }
    this.#thread.model ??= textOf(message['model']);
    const id = textOf(message['id']);
    const known = id === null ? undefined : this.#replies.get(id);
    const reply = known ?? { blocks: new Set<string>(), content: [], request: this.#thread.usage.length };
    for (const block of blocksOf(message['content'])) {
      const text = JSON.stringify(block);
      if (reply.blocks.has(text)) continue;
      reply.blocks.add(text);
      reply.content.push(block);
    }
    // The last line of a reply has its final figures.
    this.#thread.usage[reply.request] = message['usage'];
    if (known !== undefined) return;
    this.#thread.messages.push({ role: 'assistant', content: reply.content });
    if (id !== null) this.#replies.set(id, reply);
  }

  #note(note: string): void {
    if (!this.#thread.notes.includes(note)) this.#thread.notes.push(note);
  }
}

function blocksOf(content: unknown): unknown[] {
  if (Array.isArray(content)) return content;
  return content === undefined || content === null || content === '' ? [] : [{ type: 'text', text: content }];
}
