import type { AssistantMessage, Message } from '../../schemas/message.ts';
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
  return pairedTurns(messages, { late: false }).flatMap(({ calls, results }, turn) =>
    calls.map((toolCall, call) => ({
      turn,
      call,
      name: toolCall.function.name,
      arguments: toolCall.function.arguments,
      observation: results[call]?.content ?? null,
    })),
  );
}
