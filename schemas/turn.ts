import { z } from 'zod';
import { ToolCall } from './message.ts';
import { ReasoningBlocks, ReasoningForm } from './reasoning-form.ts';

/** Tokens as the server counted them. `estimated` when the server sent no usage. */
export const Usage = z.object({
  prompt_tokens: z.int().min(0),
  completion_tokens: z.int().min(0),
  cached_tokens: z.int().min(0).optional(),
  reasoning_tokens: z.int().min(0).optional(),
  estimated: z.boolean().optional(),
});
export type Usage = z.infer<typeof Usage>;

/** A model's whole answer to one request. */
export const Reply = z.object({
  content: z.string(),
  reasoning_content: z.string().min(1).optional(),
  /** How the server sent it; absent without reasoning, and in journals of earlier versions. */
  reasoning_form: ReasoningForm.optional(),
  /** Present where reasoning came as blocks that hold more than text. */
  reasoning_blocks: ReasoningBlocks.optional(),
  /** Every call of the reply, even where the harness allows one. */
  tool_calls: z.array(ToolCall),
  finish_reason: z.enum(['stop', 'tool_calls', 'length', 'content_filter']),
  /** The model name that the server reports. */
  model: z.string(),
});
export type Reply = z.infer<typeof Reply>;

/** One model exchange: the reply with what it cost. */
export const Exchange = z.object({
  reply: Reply,
  usage: Usage,
  /** In US dollars by the profile's prices; 0 where the profile names none. */
  cost_usd: z.number().min(0),
  /** Wall time from request to finish reason, in milliseconds. */
  latency_ms: z.number().min(0),
});
export type Exchange = z.infer<typeof Exchange>;
