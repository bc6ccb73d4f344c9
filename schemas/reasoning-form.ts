import { z } from 'zod';

/**
 * Where a server puts reasoning, which is where it reads it again on later turns. `both_fields`: `reasoning_content` and
 * `reasoning`. `reasoning_details`, `thinking_blocks`: a field with blocks. `thinking_parts`: parts of the content.
 * `inline`: between `<think>` tags in the content.
 */
export const ReasoningForm = z.enum([
  'reasoning_content',
  'reasoning',
  'both_fields',
  'reasoning_details',
  'thinking_blocks',
  'thinking_parts',
  'inline',
]);
export type ReasoningForm = z.infer<typeof ReasoningForm>;

/** Blocks of reasoning as they came: they may hold signatures or text for the server alone. */
export const ReasoningBlocks = z.array(z.record(z.string(), z.unknown()));
export type ReasoningBlocks = z.infer<typeof ReasoningBlocks>;
