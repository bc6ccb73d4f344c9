import type { Message, ToolCall } from '../../../schemas/message.ts';
import { type RawPart, type RawTurn, textPart } from './raw-turn.ts';
import { isRecord } from '../../../schemas/is-record.ts';

/** What a file says of a call beside its messages. */
export interface CallFacts {
  /** Milliseconds since the epoch. */
  at: number | null;
  /** Whether its result is an error. */
  failed: boolean | null;
  /** From call to result. */
  duration_ms: number | null;
}

const noFacts: ReadonlyMap<string, CallFacts> = new Map();

/**
 * The turns of a message list, one at a time: a prompt each, and each reply of the model with what its calls gave. `facts`: by the
 * ids of calls.
 */
export function* turnsOfMessages(messages: readonly Message[], facts = noFacts): Generator<RawTurn> {
  let turn = 0;
  for (let index = 0; index < messages.length; index += 1) {
    const message = messages[index];
    if (message === undefined) continue;
    if (message.role !== 'assistant') {
      const kind = message.role === 'tool' ? 'result' : 'prompt';
      yield bare('prompt', null, [textPart(kind, message.role, message.content, kind === 'prompt' ? 'markdown' : 'ansi')]);
      continue;
    }
    const results: Extract<Message, { role: 'tool' }>[] = [];
    for (let next = messages[index + 1]; next?.role === 'tool'; next = messages[index + 1]) {
      results.push(next);
      index += 1;
    }
    const first = message.tool_calls?.map(({ id }) => facts.get(id)?.at ?? null).find((at) => at !== null);
    yield { ...bare('turn', turn, partsOf(message, results, facts)), at: first ?? null };
    turn += 1;
  }
}

function bare(kind: RawTurn['kind'], turn: number | null, parts: RawPart[]): RawTurn {
  return { kind, turn, at: null, prompt_tokens: null, completion_tokens: null, latency_ms: null, parts };
}

/** Thinking and reply, then each call with its results beside it; results of no call come last. */
function partsOf(
  message: Extract<Message, { role: 'assistant' }>,
  results: readonly Extract<Message, { role: 'tool' }>[],
  facts: ReadonlyMap<string, CallFacts>,
): RawPart[] {
  const parts = spokenParts(message.reasoning_content, message.content);
  const left = new Set(results);
  for (const call of message.tool_calls ?? []) {
    parts.push(callPart(call));
    const own = [...left].filter(({ tool_call_id }) => tool_call_id === call.id);
    for (const result of own) {
      left.delete(result);
      parts.push(withFacts(resultPart(call.function.name, result.content), facts.get(call.id)));
    }
  }
  for (const result of left) parts.push(resultPart('', result.content));
  return parts;
}

/** The file's own word on a result; an exit code in the text that is none of success stays a failure. */
function withFacts(part: RawPart, facts: CallFacts | undefined): RawPart {
  if (facts === undefined) return part;
  const failed = part.failed === true ? true : (facts.failed ?? part.failed);
  return { ...part, failed, duration_ms: facts.duration_ms };
}

/** What the model thought and said; nothing for what is empty. */
export function spokenParts(thinking: string | undefined, reply: string): RawPart[] {
  return [
    ...(thinking === undefined ? [] : [textPart('thinking', '', thinking)]),
    ...(reply.trim() === '' ? [] : [textPart('reply', '', reply, 'markdown')]),
  ];
}

/** A call: a shell command as typed, other arguments as JSON; what is no JSON as it came. */
export function callPart({ function: called }: ToolCall): RawPart {
  const given = parsed(called.arguments);
  const command = given === undefined ? undefined : shellCommand(given);
  if (command !== undefined) return textPart('call', called.name, command, 'shell');
  return given === undefined
    ? textPart('call', called.name, called.arguments)
    : textPart('call', called.name, JSON.stringify(given, null, 2), 'json');
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The command of a call whose only text is one; others have more to show. */
function shellCommand(given: Record<string, unknown>): string | undefined {
  const { command, cmd, code, ...rest } = given;
  const text = [command, cmd, code].filter((value) => typeof value === 'string');
  const plain = Object.values(rest).every((value) => typeof value !== 'string' || value.length < 40);
  const only = text.length === 1 && plain ? text[0] : undefined;
  return Object.keys(rest).includes('path') ? undefined : only;
}

/** What a tool answered in a message; exit codes are read where the text begins or ends with one. */
export function resultPart(tool: string, content: string): RawPart {
  const code = exitCodeOf(content);
  const failed = content.startsWith('<tool_use_error>') ? true : code === null ? null : code !== 0;
  return { ...textPart('result', tool, content, 'ansi'), exit_code: code, failed };
}

/** The exit code that the end or the beginning of an observation names, as harnesses write it; null where none does. */
function exitCodeOf(content: string): number | null {
  const ends = `${content.slice(0, 200)}\n${content.slice(-400)}`;
  const found = [...ends.matchAll(/(?:exit(?:ed)?(?: with)?(?: (?:code|status))[ :=]*|return ?code\W{0,3})(-?\d{1,3})\b/gi)].at(-1)?.[1];
  return found === undefined ? null : Number(found);
}
