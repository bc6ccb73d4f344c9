import { z } from 'zod';
import type { Message } from '../../../schemas/message.ts';
import { defineFilter, fine, violation } from '../filter.ts';

/** A row longer than the student's context would be cut in training and lose its ending. */
export const length = defineFilter({
  id: 'length',
  version: 1,
  asks: "The row fits the student's context.",
  parameters: z.strictObject({
    max_tokens: z.int().min(1).default(131_072),
    /** Tokens that the chat template puts around a message and around a call. */
    message_tokens: z.int().min(0).default(5),
    call_tokens: z.int().min(0).default(12),
  }),
  check({ trajectory, countTokens }, { max_tokens, message_tokens, call_tokens }) {
    const ofMessage = (message: Message) => {
      const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
      const reasoning = message.role === 'assistant' ? (message.reasoning_content ?? '') : '';
      const ofCalls = calls.reduce((sum, call) => sum + call_tokens + countTokens(call.function.name + call.function.arguments), 0);
      return message_tokens + countTokens(message.content) + countTokens(reasoning) + ofCalls;
    };
    const tools = countTokens(JSON.stringify(trajectory.tools));
    const tokens = trajectory.messages.reduce((sum, message) => sum + ofMessage(message), tools);
    // No count here: it would differ with the durations that commands print, and equal runs give equal ledgers.
    if (tokens <= max_tokens) return fine(`within ${max_tokens} tokens`);
    return violation(`about ${Math.round(tokens / 1000)} thousand tokens, more than ${max_tokens}`);
  },
});
