import type { Message, ToolDefinition } from '../../schemas/message.ts';
import type { Mode } from '../../schemas/names.ts';

/** What a student learns from or is asked: messages with the tools that they may call, in one mode. */
export interface Conversation {
  messages: readonly Message[];
  tools: readonly ToolDefinition[];
  mode: Mode;
}

/** A conversation as text, and the parts of it that a student is trained on. */
export interface Rendered {
  text: string;
  /** Half-open ranges of UTF-16 units, in order: every assistant turn with its end token, and nothing else. */
  trained: readonly (readonly [number, number])[];
}

/** Exact counts by the student's tokenizer. */
export interface TokenCounts {
  tokens: number;
  trained_tokens: number;
}
