import { at, fieldsOf, listOf, textOf } from './loose-values.ts';

/** A call before ids are settled. */
export interface LooseCall {
  id: string | null;
  name: string;
  /** As the model wrote them, also where they are no JSON. */
  arguments: string;
}

/** A message before calls and results are paired: what every format is brought to first. */
export interface LooseMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  /** Empty when there is none. */
  reasoning: string;
  calls: LooseCall[];
  /** Of a result: the id of its call, where the file names one. */
  answers: string | null;
  /** Parts that are no text, such as images: they are left out. */
  dropped: string[];
}

export function looseMessage(role: LooseMessage['role'], content: string, more: Partial<LooseMessage> = {}): LooseMessage {
  return { role, content, reasoning: '', calls: [], answers: null, dropped: [], ...more };
}

const roles: Record<string, LooseMessage['role']> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  ai: 'assistant',
  gpt: 'assistant',
  model: 'assistant',
  tool: 'tool',
  function: 'tool',
  observation: 'tool',
};

/**
 * Reads one message of the OpenAI kind in any of its spellings: content as text, as parts or null; reasoning as
 * `reasoning_content`, `reasoning` or thinking blocks; `from` and `value` for role and content; arguments as a string or an object; SWE-agent's
 * `tool_call_ids`. Gives null for what is no message.
 */
export function readMessage(value: unknown): LooseMessage | null {
  const fields = fieldsOf(value);
  const name = fields['role'] ?? fields['from'];
  const role = typeof name === 'string' ? roles[name] : undefined;
  if (role === undefined) return null;
  const { text, thinking, dropped } = readContent(fields['content'] ?? fields['value']);
  const message = looseMessage(role, text, { dropped });
  if (role === 'tool') {
    return { ...message, answers: textOf(fields['tool_call_id']) ?? textOf(listOf(fields['tool_call_ids'])[0]) };
  }
  if (role !== 'assistant') return message;
  const blocks = listOf(fields['thinking_blocks']).flatMap((block) => textOf(at(block, 'thinking')) ?? []);
  return {
    ...message,
    reasoning: textOf(fields['reasoning_content']) ?? textOf(fields['reasoning']) ?? [...blocks, ...thinking].join('\n'),
    calls: readCalls(fields),
  };
}

/** Text of a content that is a string, null or a list of parts; parts of reasoning apart. */
export function readContent(content: unknown): { text: string; thinking: string[]; dropped: string[] } {
  if (typeof content === 'string') return { text: content, thinking: [], dropped: [] };
  const texts: string[] = [];
  const thinking: string[] = [];
  const dropped: string[] = [];
  for (const part of Array.isArray(content) ? content : content === null || content === undefined ? [] : [content]) {
    const fields = fieldsOf(part);
    if (typeof part === 'string') texts.push(part);
    else if (typeof fields['thinking'] === 'string') thinking.push(fields['thinking']);
    else if (typeof fields['text'] === 'string') texts.push(fields['text']);
    else dropped.push(textOf(fields['type']) ?? 'unknown');
  }
  return { text: texts.join('\n'), thinking, dropped };
}

function readCalls(fields: Record<string, unknown>): LooseCall[] {
  const calls = listOf(fields['tool_calls']).map(readCall);
  const legacy = fields['function_call'];
  return calls.length === 0 && legacy !== null && legacy !== undefined ? [readCall({ function: legacy })] : calls;
}

/** One call; whatever is missing stays empty, so that a malformed call can still be scanned. */
function readCall(value: unknown): LooseCall {
  const called = at(value, 'function') ?? value;
  return {
    id: textOf(at(value, 'id')),
    name: textOf(at(called, 'name')) ?? '',
    arguments: argumentsText(at(called, 'arguments')),
  };
}

/** Arguments as a string; objects are written as JSON. */
export function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
