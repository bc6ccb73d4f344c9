import { z } from 'zod';
import type { Message, ToolCall } from '../../../schemas/message.ts';
import { Problem } from '../../../schemas/problem.ts';
import { StudentBase } from '../../../schemas/student.ts';
import { defineFilter, fine, violation } from '../filter.ts';

/** A row longer than the student's context would be cut in training and lose its ending. */
export const length = defineFilter({
  id: 'length',
  version: 2,
  asks: "The row, as its chat template writes it, fits the student's context.",
  parameters: z.strictObject({
    max_tokens: z.int().min(1).default(131_072),
    /** Whose chat template: it decides how tools and calls are written. */
    base: StudentBase.default('coder'),
  }),
  check({ trajectory: { messages, tools, key }, countTokens }, { max_tokens, base }) {
    try {
      const { tokens } = countTokens(base, { messages: messages.map(asReleased), tools, mode: key.mode });
      // No count here: it would differ with the durations that commands print, and equal runs give equal ledgers.
      if (tokens <= max_tokens) return fine(`within ${max_tokens} tokens`);
      return violation(`about ${Math.round(tokens / 1000)} thousand tokens, more than ${max_tokens}`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return violation(`no student can be shown the row: ${error.message}`);
    }
  },
});

/** The text that files of a release hold: UTF-8 has no half characters. */
function asReleased(message: Message): Message {
  const content = message.content.toWellFormed();
  if (message.role !== 'assistant') return { ...message, content };
  const { reasoning_content: reasoning, tool_calls: calls } = message;
  return {
    ...message,
    content,
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning.toWellFormed() }),
    ...(calls === undefined ? {} : { tool_calls: calls.map(callAsReleased) }),
  };
}

function callAsReleased({ function: called, ...call }: ToolCall): ToolCall {
  return { ...call, function: { name: called.name.toWellFormed(), arguments: called.arguments.toWellFormed() } };
}
