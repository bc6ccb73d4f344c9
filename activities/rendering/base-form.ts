import type { ToolCall, ToolDefinition } from '../../schemas/message.ts';

/** How a chat template writes tools, calls and observations. */
export interface BaseForm {
  /** The tool list after the system prompt. */
  tools: (tools: readonly ToolDefinition[]) => string;
  call: (called: ToolCall['function']) => string;
  /** Between the text of a turn and its first call. */
  beforeCalls: string;
  observation: (content: string) => string;
  /** Around a row of observations. */
  observations: { start: string; end: string };
}
