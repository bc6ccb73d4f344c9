import { type Draft, type RecordFormat, unifiedMessages } from '../format.ts';
import { readContent, readResult } from '../loose-parts.ts';
import { at, type Fields, fieldsOf, listOf, numberOf, textOf } from '../loose-values.ts';
import { isRecord } from '../../../schemas/is-record.ts';
import { readMessages } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { requestUsage, summedUsage, usageOf } from '../usage.ts';

/**
 * Sessions of Gemini CLI: `session-*.json` with messages and their tool calls, the same with a message a line, checkpoints with the
 * `history` of the API, and what `--output-format stream-json` prints. Also the lines of Qwen Code, which is made of it.
 */
export const geminiCli: RecordFormat = {
  id: 'gemini-cli',
  detect: (value) => (Array.isArray(value) ? areLines(value.slice(0, 20)) : isSession(value) || isCheckpoint(value)),
  detectLines: areLines,
  read(value): Draft[] {
    const oddities = new Oddities();
    const lines = listOf(value).filter(isRecord);
    if (lines.some(isPrinted)) return [printed(lines, oddities)];
    if (lines.some(isQwen)) return [qwen(lines, oddities)];
    if (isCheckpoint(value)) return [{ harness: 'gemini-cli', messages: messagesOf(listOf(at(value, 'history')), oddities), oddities }];
    return [
      Array.isArray(value)
        ? session(headOf(lines), changed(lines, oddities), oddities)
        : session(value, listOf(at(value, 'messages')), oddities),
    ];
  },
};

function isSession(value: unknown): boolean {
  return isRecord(value) && 'sessionId' in value && 'messages' in value && ('projectHash' in value || 'startTime' in value);
}

function isCheckpoint(value: unknown): boolean {
  return listOf(at(value, 'history'))
    .slice(0, 3)
    .some((item) => Array.isArray(at(item, 'parts')));
}

function areLines(first: readonly unknown[]): boolean {
  return first.some((value) => isHead(value) || isReply(value) || isQwen(value) || (isRecord(value) && isPrinted(value)));
}

/** The first line of a session that has a message a line. */
function isHead(value: unknown): boolean {
  return isRecord(value) && 'sessionId' in value && 'projectHash' in value && !('messages' in value);
}

function isReply(value: unknown): boolean {
  return isRecord(value) && value['type'] === 'gemini' && 'content' in value && ('toolCalls' in value || 'thoughts' in value);
}

function isQwen(value: unknown): boolean {
  return isRecord(value) && 'sessionId' in value && 'uuid' in value && Array.isArray(at(value, 'message', 'parts'));
}

function isPrinted({ type, session_id, tool_id, tool_name }: Fields): boolean {
  return (
    (type === 'init' && textOf(session_id) !== null) || (type === 'tool_use' && textOf(tool_id) !== null && textOf(tool_name) !== null)
  );
}

function headOf(lines: Fields[]): Fields {
  return fieldsOf(lines.find(isHead));
}

/** The messages of a session with a line for each change: the last state of each, in the order of their beginnings. */
function changed(lines: Fields[], oddities: Oddities): unknown[] {
  const messages = new Map<string, unknown>();
  for (const [index, line] of lines.entries()) {
    if ('$rewindTo' in line) oddities.note('the user went back to an earlier message: what came after it stands in full');
    const set = listOf(at(line, '$set', 'messages'));
    for (const message of set.length > 0 ? set : isHead(line) || textOf(line['type']) === null ? [] : [line])
      messages.set(textOf(at(message, 'id')) ?? `line ${index}`, message);
  }
  return [...messages.values()];
}

function session(head: unknown, messages: unknown[], oddities: Oddities): Draft {
  const replies = messages.filter((message) => at(message, 'type') === 'gemini');
  return {
    id: textOf(at(head, 'sessionId')) ?? '',
    harness: 'gemini-cli',
    model: replies.map((reply) => textOf(at(reply, 'model'))).find((model) => model !== null) ?? null,
    messages: messagesOf(
      messages.flatMap((message, index) => itemsOf(fieldsOf(message), index, oddities)),
      oddities,
    ),
    usage: summedUsage(replies.map((reply) => tokensOf(at(reply, 'tokens')))),
    oddities,
  };
}

function messagesOf(items: unknown[], oddities: Oddities): Draft['messages'] {
  return unifiedMessages(readMessages(items, oddities), oddities);
}

/** A message of a session as messages of the API: the results of a reply's calls stand with the calls. */
function itemsOf(message: Fields, index: number, oddities: Oddities): unknown[] {
  const { type, content } = message;
  if (type === 'user') return [said('user', content)];
  if (type !== 'gemini' && listOf(message['toolCalls']).length === 0) {
    if (type !== 'info') oddities.note(`lines of the kind ${JSON.stringify(type ?? null)} are left out`, index);
    return [];
  }
  const calls = listOf(message['toolCalls']);
  const reply = { ...fieldsOf(said('assistant', content)), thoughts: message['thoughts'], toolCalls: calls.map(withoutResult) };
  const results = calls.flatMap((call) => {
    const given = at(call, 'result') ?? at(call, 'resultDisplay');
    if (given === undefined || given === null) return [];
    return [{ role: 'tool', tool_call_id: at(call, 'id'), name: at(call, 'name'), content: outputOf(given) }];
  });
  return [reply, ...results];
}

function said(role: string, content: unknown): unknown {
  return Array.isArray(content) ? { role, parts: content } : { role, content: content ?? '' };
}

function withoutResult(call: unknown): unknown {
  return { id: at(call, 'id'), name: at(call, 'name'), args: at(call, 'args') ?? {} };
}

/** What the model got: the output of the function's response, or the text of parts. */
function outputOf(given: unknown): string {
  const { parts } = readContent(given);
  const texts = parts.flatMap((part) => (part.kind === 'result' ? [part.result.content] : part.kind === 'text' ? [part.text] : []));
  return texts.length > 0 ? texts.join('\n') : readResult({ content: given }).content;
}

/** Gemini counts thoughts beside the output. */
function tokensOf(tokens: unknown): NonNullable<Draft['usage']> | null {
  const [input, output, thoughts] = ['input', 'output', 'thoughts'].map((name) => numberOf(at(tokens, name)));
  if (input === null && output === null) return null;
  return usageOf({
    calls: 1,
    prompt_tokens: input,
    completion_tokens: output === undefined || output === null ? null : output + (thoughts ?? 0),
    cached_tokens: at(tokens, 'cached'),
    reasoning_tokens: thoughts,
  });
}

/** A reply is printed in pieces. */
function printed(lines: Fields[], oddities: Oddities): Draft {
  const items: unknown[] = [];
  let open: { role: string; content: string } | null = null;
  for (const line of lines) {
    const role = textOf(line['role']);
    if (line['type'] === 'message' && line['delta'] === true && open !== null && open.role === role)
      open.content += textOf(line['content']) ?? '';
    else if (line['type'] === 'message') {
      open = { role: role ?? '', content: textOf(line['content']) ?? '' };
      items.push(open);
    } else if (line['type'] === 'tool_use') {
      open = null;
      items.push({
        type: 'function_call',
        call_id: line['tool_id'],
        name: line['tool_name'],
        arguments: JSON.stringify(line['parameters'] ?? {}),
      });
    } else if (line['type'] === 'tool_result') {
      open = null;
      const output = line['output'] ?? at(line, 'error', 'message') ?? '';
      items.push({ type: 'function_call_output', call_id: line['tool_id'], output });
    }
  }
  const init = lines.find(({ type }) => type === 'init');
  const stats = at(
    lines.findLast(({ type }) => type === 'result'),
    'stats',
  );
  return {
    id: textOf(init?.['session_id']) ?? '',
    harness: 'gemini-cli',
    model: textOf(init?.['model']),
    messages: messagesOf(items, oddities),
    usage: requestUsage(stats, null),
    oddities,
  };
}

function qwen(lines: Fields[], oddities: Oddities): Draft {
  const messages = lines.filter(({ message }) => isRecord(message));
  return {
    id: textOf(messages[0]?.['sessionId']) ?? '',
    harness: 'qwen-code',
    model: messages.map(({ model }) => textOf(model)).find((model) => model !== null) ?? null,
    messages: messagesOf(
      messages.map(({ message }) => message),
      oddities,
    ),
    usage: summedUsage(messages.map(({ usageMetadata }) => requestUsage(usageMetadata))),
    oddities,
  };
}
