import type { AssistantMessage, Message, ToolCall } from '../../schemas/message.ts';
import { pairedTurns } from '../scanning/index.ts';

/** One tool call with its place and the observation that answers it. */
export interface PlacedCall {
  /** Index of the assistant message among assistant messages, from 0. */
  turn: number;
  call: number;
  name: string;
  arguments: string;
  /** Null when nothing answers the call. */
  observation: string | null;
}

/** All assistant messages in order; the index is the turn. */
export function assistantMessages(messages: Message[]): AssistantMessage[] {
  return messages.filter((message) => message.role === 'assistant');
}

/** All calls in order, each with the observation that carries its id and follows it before the next assistant message. */
export function placedCalls(messages: Message[]): PlacedCall[] {
  const turns = pairedTurns(messages, { callIds: (reply) => callsOf(reply).map(({ id }) => id), byOrder: false, fromUser: false });
  return turns.flatMap(({ message, results }, turn) =>
    callsOf(message).map((toolCall, call) => ({
      turn,
      call,
      name: toolCall.function.name,
      arguments: toolCall.function.arguments,
      observation: results[call]?.content ?? null,
    })),
  );
}

function callsOf(message: Message): ToolCall[] {
  return message.role === 'assistant' ? (message.tool_calls ?? []) : [];
}
