import type { Message, ToolCall } from '../../schemas/message.ts';
import { pythonLiteral } from '../syntax/python-literal.ts';
import { pairedTurns } from './paired-turns.ts';
import { isRecord } from '../../schemas/is-record.ts';

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
  /** What users said after the first turn. */
  later: string[];
  turns: Turn[];
  /** What could not be read of calls, one reason each. */
  unread: string[];
}

/** The turns of a trajectory, each call with its arguments read and its result. */
export function conversationOf(messages: readonly Message[]): Conversation {
  const unread: string[] = [];
  const turns = pairedTurns(messages, { late: true }).map(({ message, calls, results }, turn): Turn => {
    const read = calls.map((call, place) => callOf(call, results[place]?.content ?? ''));
    for (const { name, args, raw } of read) {
      if (args === undefined && looksLikeJson(raw))
        unread.push(`arguments of a call of ${name || 'no name'} are no JSON object (turn ${turn})`);
    }
    return { content: message.content, reasoning: message.reasoning_content ?? '', calls: read };
  });
  return { prompt: promptOf(messages), later: laterPrompts(messages), turns, unread };
}

/** Messages of users that stand where no result of a call is due. */
function laterPrompts(messages: readonly Message[]): string[] {
  const first = messages.findIndex(({ role }) => role === 'assistant');
  return messages.flatMap((message, at) => {
    const before = messages[at - 1];
    if (message.role !== 'user' || first === -1 || at < first || before === undefined) return [];
    return before.role === 'assistant' && before.tool_calls !== undefined ? [] : [message.content];
  });
}

function promptOf(messages: readonly Message[]): string {
  const first = messages.findIndex(({ role }) => role === 'assistant');
  const before = first === -1 ? messages : messages.slice(0, first);
  return before.map(({ role, content }) => (role === 'tool' ? '' : `${content}\n`)).join('');
}

function callOf({ function: { name, arguments: raw } }: ToolCall, observation: string): Call {
  return { name, args: raw === '' ? {} : argumentsOf(raw), raw, observation };
}

/** An object as JSON, as JSON in a JSON string, or as Python prints it. */
function argumentsOf(raw: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    const inner: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    return isRecord(inner) ? inner : undefined;
  } catch {
    const value = looksLikeJson(raw) ? pythonLiteral(raw, { arrays: false }) : undefined;
    return isRecord(value) ? value : undefined;
  }
}

/** Other text is the argument itself, as tools take it that are free of any form. */
function looksLikeJson(raw: string): boolean {
  return /^\s*[[{]/.test(raw);
}
