import { z } from 'zod';

/**
 * One tool call as the model sent it. `arguments` stays the model's own string: it is parsed where
 * it is used, so that a malformed call is still recorded as it came.
 */
export const ToolCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});
export type ToolCall = z.infer<typeof ToolCall>;

const SystemMessage = z.object({ role: z.literal('system'), content: z.string() });
const UserMessage = z.object({ role: z.literal('user'), content: z.string() });
const AssistantMessage = z.object({
  role: z.literal('assistant'),
  content: z.string(),
  /** Absent when the model did not reason; never an empty string. */
  reasoning_content: z.string().min(1).optional(),
  tool_calls: z.array(ToolCall).min(1).optional(),
});
const ToolMessage = z.object({ role: z.literal('tool'), content: z.string(), tool_call_id: z.string() });

/** The one message format: what goes to the model, into trajectories and, without ids, into rows. */
export const Message = z.discriminatedUnion('role', [SystemMessage, UserMessage, AssistantMessage, ToolMessage]);
export type Message = z.infer<typeof Message>;
export type AssistantMessage = z.infer<typeof AssistantMessage>;

/** A tool offered to the model, in the OpenAI function form. `parameters` is a JSON Schema object. */
export const ToolDefinition = z.object({
  type: z.literal('function'),
  function: z.object({ name: z.string(), description: z.string(), parameters: z.record(z.string(), z.unknown()) }),
});
export type ToolDefinition = z.infer<typeof ToolDefinition>;
