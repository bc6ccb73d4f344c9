import { pairedTurns } from './paired-turns.ts';

/** One message as rows and request bodies hold it; only what is used here is looked at. */
export interface ScannableMessage {
  role: string;
  content?: unknown;
  reasoning_content?: unknown;
  tool_calls?: unknown;
  tool_call_id?: unknown;
}

/** One tool call with what came back. */
export interface Call {
  name: string;
  /** Undefined where the arguments are no JSON object. */
  args: Record<string, unknown> | undefined;
  raw: string;
  observation: string;
}

export interface Turn {
  content: string;
  reasoning: string;
  calls: Call[];
}

export interface Conversation {
  /** System and user text before the first turn. */
  prompt: string;
  turns: Turn[];
}

/**
 * Puts messages into turns. Results find their calls by id where there are ids, else in order. A trajectory
 * without any tool call is read as one whose actions stand in the text, the next user message being the result.
 */
export function conversationOf(messages: readonly ScannableMessage[]): Conversation {
  const inText = !messages.some((message) => Array.isArray(message.tool_calls) && message.tool_calls.length > 0);
  const calls = new Map<ScannableMessage, CallWithId[]>();
  const callIds = (reply: ScannableMessage) => {
    const found = inText ? actionsInText(textOf(reply.content)).map((call) => ({ id: undefined, call })) : callsOf(reply.tool_calls);
    calls.set(reply, found);
    return found.map(({ id }) => id);
  };
  const turns = pairedTurns(messages, { callIds, byOrder: true, fromUser: inText }).map(
    ({ message, results }): Turn => ({
      content: textOf(message.content),
      reasoning: textOf(message.reasoning_content),
      calls: (calls.get(message) ?? []).map(({ call }, place) => ({ ...call, observation: textOf(results[place]?.content) })),
    }),
  );
  return { prompt: promptOf(messages), turns };
}

function promptOf(messages: readonly ScannableMessage[]): string {
  const first = messages.findIndex(({ role }) => role === 'assistant');
  const before = first === -1 ? messages : messages.slice(0, first);
  return before.map(({ role, content }) => (role === 'tool' ? '' : `${textOf(content)}\n`)).join('');
}

/** Text of a content that may also be a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : typeof part === 'string' ? part : ''))
    .join('');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface CallWithId {
  id: unknown;
  call: Call;
}

function callsOf(calls: unknown): CallWithId[] {
  if (!Array.isArray(calls)) return [];
  return calls.flatMap((entry) => {
    if (!isRecord(entry)) return [];
    const called = isRecord(entry['function']) ? entry['function'] : entry;
    const given = called['arguments'] ?? called['input'];
    const raw = typeof given === 'string' ? given : JSON.stringify(given ?? {});
    const name = typeof called['name'] === 'string' ? called['name'] : '';
    return [{ id: entry['id'], call: { name, args: isRecord(given) ? given : parsedObject(raw), raw, observation: '' } }];
  });
}

function parsedObject(raw: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Harnesses without tool calls: fenced shell blocks, and function tags with their parameters. */
function actionsInText(content: string): Call[] {
  const tagged = [...content.matchAll(/<function=([\w.-]+)>([\s\S]*?)(?:<\/function>|$)/g)].map((match): Call => {
    const args = Object.fromEntries(
      [...(match[2] ?? '').matchAll(/<parameter=(\w+)>([\s\S]*?)<\/parameter>/g)].map((parameter) => [
        parameter[1] ?? '',
        trimOneNewline(parameter[2] ?? ''),
      ]),
    );
    return { name: match[1] ?? '', args, raw: match[0], observation: '' };
  });
  if (tagged.length > 0) return tagged;
  const invoked = [...content.matchAll(/<(execute_bash|execute_ipython|execute_browse)>([\s\S]*?)<\/\1>/g)].map((match): Call => {
    const name = match[1] ?? '';
    return { name, args: { [name === 'execute_bash' ? 'command' : 'code']: (match[2] ?? '').trim() }, raw: match[0], observation: '' };
  });
  if (invoked.length > 0) return invoked;
  return [...content.matchAll(/^```(?:bash|sh|shell|mswea_bash_command|console)?[ \t]*\n([\s\S]*?)\n?^```/gm)].map((match) => ({
    name: 'bash',
    args: { command: match[1] ?? '' },
    raw: match[0],
    observation: '',
  }));
}

function trimOneNewline(text: string): string {
  return text.replace(/^\n/, '').replace(/\n$/, '');
}
