import type { AssistantMessage, Message, ToolCall } from '../../schemas/message.ts';

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
  const placed: PlacedCall[] = [];
  let turn = -1;
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'assistant') continue;
    turn += 1;
    const observations = observationsAfter(messages, index);
    for (const [call, toolCall] of (message.tool_calls ?? []).entries()) placed.push(place(turn, call, toolCall, observations));
  }
  return placed;
}

function place(turn: number, call: number, toolCall: ToolCall, observations: Map<string, string>): PlacedCall {
  const { name, arguments: text } = toolCall.function;
  return { turn, call, name, arguments: text, observation: observations.get(toolCall.id) ?? null };
}

function observationsAfter(messages: Message[], assistant: number): Map<string, string> {
  const observations = new Map<string, string>();
  for (const message of messages.slice(assistant + 1)) {
    if (message.role === 'assistant') break;
    if (message.role === 'tool') observations.set(message.tool_call_id, message.content);
  }
  return observations;
}
