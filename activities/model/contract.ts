import type { Message, ToolDefinition } from '../../schemas/message.ts';
import type { Exchange } from '../../schemas/turn.ts';

export interface ModelRequest {
  /** Counts the rollout's paid requests from 0, requeries included. */
  exchange: number;
  /** The harness's turn it belongs to, from 0. */
  turn: number;
  messages: Message[];
  tools: ToolDefinition[];
}

/**
 * The only way to a model. An exchange that the journal already holds comes from there, without a request;
 * any other is journalled (fsync) before it is returned.
 */
export interface ModelSession {
  /** Throws {@link ModelEnding} for what ends the rollout as behaviour, `Problem` for infrastructure. */
  exchange(request: ModelRequest, signal: AbortSignal): Promise<Exchange>;
}

/** Ends the rollout; another try will not change it. */
export class ModelEnding extends Error {
  readonly kind: 'context_full' | 'model_refused';

  constructor(kind: ModelEnding['kind'], message: string) {
    super(message);
    this.name = 'ModelEnding';
    this.kind = kind;
  }
}
