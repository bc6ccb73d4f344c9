import { type CallsReading, idOf, looksLikeCall, readCalls, shapeOf, toolOf } from './loose-calls.ts';
import { type LooseCall, type LooseLoss, type LooseMessage, looseMessage } from './loose-message.ts';
import { isPart, type LoosePart, type LooseResult, readContent, readResult, thoughtText } from './loose-parts.ts';
import { type LooseRole, roleOf } from './loose-roles.ts';
import { at, type Fields, fieldsOf, firstOf, firstText, listOf, textOf, unfolded } from './loose-values.ts';
import { isRecord } from '../../schemas/is-record.ts';
import { unknownKeys } from './surroundings.ts';
import { isResponseItem, readResponseItem } from './response-items.ts';

/** Whether a value is a message or an item of a conversation, of whatever API. */
export function isMessage(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return isResponseItem(value) || roleIn(unwrapped(value)) !== undefined;
}

/**
 * The messages that one item of a conversation stands for, in any spelling of the usual APIs: none for what is no message, several
 * where one holds the results of several calls. What it holds and could not be read is under `lost`.
 */
export function readMessage(value: unknown): LooseMessage[] {
  if (!isRecord(value)) return [];
  if (isResponseItem(value)) return readResponseItem(value);
  const fields = unwrapped(value);
  const role = roleIn(fields);
  switch (role) {
    case undefined:
      return [];
    case 'call':
      return [callMessage(fields)];
    case 'assistant':
      return replyMessages(fields);
    case 'tool':
      return resultMessages(fields);
    case 'system':
    case 'user':
      return saidMessages(role, fields);
  }
}

/** The message where it lies below what names it: LangChain's `data` and `kwargs`, the `message` of logs. */
function unwrapped(value: Fields): Fields {
  if (value['role'] !== undefined) return value;
  const data = value['data'] ?? value['kwargs'];
  const type = listOf(value['id']).at(-1) ?? value['type'];
  if (isRecord(data) && roleOf(data['type'] ?? type) !== undefined) return { type, ...data };
  const message = value['message'];
  return isRecord(message) && roleOf(message['role']) !== undefined ? message : value;
}

function roleIn(fields: Fields): LooseRole | undefined {
  const named = fields['role'] ?? fields['from'] ?? at(fields['author'], 'role');
  if (named !== undefined) return roleOf(named);
  const role = roleOf(fields['type']);
  return contentOf(fields) !== undefined || (role === 'call' && looksLikeCall(fields)) ? role : undefined;
}

const contentKeys = ['content', 'value', 'parts', 'text', 'refusal'];

/** Parts before a text beside them, which is a copy of what they say. */
function contentOf(fields: Fields): unknown {
  const { parts } = fields;
  const held = Array.isArray(parts) && parts.length > 0 ? parts : firstOf(fields, contentKeys);
  if (typeof held !== 'string' || !listOfParts.test(held)) return held;
  const list = unfolded(held);
  return Array.isArray(list) && list.every(isPart) ? list : held;
}

/** How a list of parts begins that was written as text, as in columns that hold one type. */
const listOfParts = /^\s*\[\s*\{\s*["'](?:type|text|toolUse|toolResult|functionCall|functionResponse)["']\s*:/;

/** A call that is a message of its own, as text or as an object; also several. */
function callMessage(fields: Fields): LooseMessage {
  const held = contentOf(fields);
  const { calls, lost } = readCalls(held ?? fields);
  return looseMessage('assistant', '', { calls, lost, piece: true });
}

/** System and user messages; results that stand in a user's message are messages of their own, in their place. */
function saidMessages(role: 'system' | 'user', fields: Fields): LooseMessage[] {
  const content = contentOf(fields);
  if (typeof content === 'string') return [looseMessage(role, content)];
  const read = readContent(content);
  if (read.parts.every(({ kind }) => kind === 'text' || kind === 'dropped')) {
    return [looseMessage(role, read.text, { dropped: read.dropped, lost: emptiness(fields, read.parts, 'message') })];
  }
  return inPlaces(role, read.parts);
}

function inPlaces(role: 'system' | 'user', parts: LoosePart[]): LooseMessage[] {
  const messages: LooseMessage[] = [];
  let said: LooseMessage | null = null;
  for (const part of parts) {
    if (part.kind === 'result') {
      messages.push(resultMessage(part.result));
      said = null;
      continue;
    }
    if (said === null) {
      said = looseMessage(role, '');
      messages.push(said);
    }
    if (part.kind === 'text' || part.kind === 'thinking') said.content += `${said.content === '' ? '' : '\n'}${part.text}`;
    else if (part.kind === 'dropped') said.dropped.push(part.type);
    else if (part.kind === 'lost') said.lost.push(part.loss);
    else said.lost.push(callIn(part.call, role));
  }
  return messages;
}

function resultMessage({ answers, tool, content, dropped, lost }: LooseResult): LooseMessage {
  return looseMessage('tool', content, { answers, tool, dropped, lost });
}

function resultMessages(fields: Fields): LooseMessage[] {
  const listed = listOf(fields['tool_results']);
  if (listed.length > 0) {
    return listed.map((item) =>
      resultMessage({ ...readResult(fieldsOf(item)), answers: idOf(fieldsOf(at(item, 'call'))), tool: textOf(at(item, 'call', 'name')) }),
    );
  }
  const content = contentOf(fields);
  const own = { answers: answersOf(fields), tool: toolOf(fields) };
  if (typeof content === 'string') return [looseMessage('tool', content, own)];
  const { text, dropped, parts } = readContent(content);
  const results = parts.flatMap((part) => (part.kind === 'result' ? [part.result] : []));
  if (results.length > 0) return results.map((result) => resultMessage({ ...result, answers: result.answers ?? own.answers }));
  if (content === undefined) return [resultMessage({ ...readResult(fields), ...own })];
  const lost = parts.flatMap((part) => (part.kind === 'lost' ? [part.loss] : part.kind === 'call' ? [callIn(part.call, 'tool')] : []));
  return [resultMessage({ ...own, content: text, dropped, lost: [...lost, ...(text === '' ? emptiness(fields, parts, 'result') : [])] })];
}

function callIn({ name }: LooseCall, role: string): LooseLoss {
  return { what: 'call', reason: `a call of ${name || 'no name'} in a message of the ${role}` };
}

/** SWE-agent names the calls that a result answers in a list of one. */
function answersOf(fields: Fields): string | null {
  const answers = fields['tool_call_id'] ?? fields['toolCallId'] ?? fields['call_id'] ?? fields['tool_use_id'];
  return textOf(answers) ?? textOf(listOf(fields['tool_call_ids'])[0]);
}

function replyMessages(fields: Fields): LooseMessage[] {
  const content = contentOf(fields);
  const { calls, lost } = callsBeside(fields);
  const aside = calls.length === 0 ? firstText(fields, ['action', 'command', 'cmd']) : null;
  if (typeof content === 'string' && content !== '' && fields['toolInvocations'] === undefined) {
    return [looseMessage('assistant', content, { reasoning: reasoningBeside(fields) ?? '', calls, lost, piece: isPiece(fields), aside })];
  }
  const read = readContent(content);
  const results: LooseResult[] = [];
  // Two places may tell of the same call, but two equal ones in one place are two calls.
  for (const place of [read.parts, invocations(fields)]) {
    const known = [...calls];
    for (const part of place) {
      if (part.kind === 'lost') lost.push(part.loss);
      if (part.kind === 'result') results.push(part.result);
      if (part.kind !== 'call' || known.some((call) => isSame(call, part.call))) continue;
      calls.push(part.call);
      if (part.result !== null) results.push(part.result);
    }
  }
  const reasoning = reasoningBeside(fields) ?? read.thinking.join('\n');
  if (read.text === '' && reasoning === '' && aside === null && calls.length === 0 && lost.length === 0)
    lost.push(...emptiness(fields, read.parts, 'assistant'));
  const { text, dropped } = read;
  return [
    looseMessage('assistant', text, { reasoning, calls, dropped, lost, piece: isPiece(fields), aside }),
    ...results.map(resultMessage),
  ];
}

/** A message among the items of the Responses API may be followed by the reply's calls. */
function isPiece({ type, role }: Fields): boolean {
  return type === 'message' && role === 'assistant';
}

/** The AI SDK's calls beside a content, each with its result. */
function invocations(fields: Fields): LoosePart[] {
  return readContent(listOf(fields['toolInvocations']).map((toolInvocation) => ({ type: 'tool-invocation', toolInvocation }))).parts;
}

const callKeys = new Set(['tool_calls', 'toolCalls', 'function_call', 'functionCall', 'tool_use', 'invalid_tool_calls']);

/** Keys of messages whose values are no calls, even where they look like some. */
const plainKeys = new Set([
  'role',
  'from',
  'type',
  'name',
  'id',
  ...contentKeys,
  ...callKeys,
  'toolInvocations',
  'additional_kwargs',
  'response_metadata',
  'usage_metadata',
  'extra',
  'tools',
  'tool_call_chunks',
]);

/** The calls of a reply that stand beside its content. The same call under two keys counts once. */
function callsBeside(fields: Fields): CallsReading {
  let found: CallsReading | undefined;
  for (const key in fields) {
    const value = fields[key];
    if (value === null || value === undefined || value === '') continue;
    if (callKeys.has(key)) {
      const read = readCalls(value);
      found = found === undefined ? read : { calls: [...found.calls, ...newCalls(read, found)], lost: [...found.lost, ...read.lost] };
    } else if (typeof value === 'object' && !plainKeys.has(key) && (Array.isArray(value) ? value : [value]).some(looksLikeCall)) {
      found ??= { calls: [], lost: [] };
      found.lost.push({ what: 'call', reason: `a field ${JSON.stringify(key)} that looks like calls` });
    }
  }
  if (found === undefined || found.calls.length === 0) {
    const older = fieldsOf(fields['additional_kwargs']);
    if (older['tool_calls'] !== undefined || older['function_call'] !== undefined) return callsBeside(older);
  }
  return found ?? { calls: [], lost: [] };
}

function newCalls({ calls }: CallsReading, known: CallsReading): LooseCall[] {
  return calls.filter((call) => !known.calls.some((one) => isSame(one, call)));
}

/** Whether two places of one reply tell of the same call. */
function isSame(one: LooseCall, other: LooseCall): boolean {
  if (one.id !== null && other.id !== null) return one.id === other.id;
  return one.name === other.name && JSON.stringify(unfolded(one.arguments)) === JSON.stringify(unfolded(other.arguments));
}

const reasoningKeys = ['reasoning_content', 'reasoning', 'thinking', 'reasoning_details', 'thoughts', 'thinking_blocks', 'tool_plan'];

function reasoningBeside(fields: Fields): string | null {
  for (const key of reasoningKeys) {
    const value = fields[key];
    const text = value === undefined || value === null ? null : thoughtText(value);
    if (text !== null) return text;
  }
  return null;
}

/** Where nothing was found in a message although it holds something, that it does. */
function emptiness(fields: Fields, parts: LoosePart[], what: LooseLoss['what']): LooseLoss[] {
  const unknown = unknownKeys(fields).filter((key) => contentOf(fields) !== '' || typeof fields[key] === 'object');
  if (parts.length > 0 || unknown.length === 0) return [];
  return [{ what, reason: `nothing was found in it (${shapeOf(fields)})` }];
}
