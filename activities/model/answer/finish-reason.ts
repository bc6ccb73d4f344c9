import type { Reply } from '../../../schemas/turn.ts';
import { BrokenAnswer } from './broken-answer.ts';

/** Words of servers for an answer that reached the limit of its tokens or of the context. */
const length = [
  'length',
  'max_tokens',
  'max_length',
  'max_output_tokens',
  'max_new_tokens',
  'token_limit',
  'model_length',
  'model_context_window_exceeded',
];

/** … that a filter stopped. */
const filtered = [
  'content_filter',
  'content_filtered',
  'refusal',
  'safety',
  'sensitive',
  'blocklist',
  'prohibited_content',
  'recitation',
  'spii',
  'guardrail_intervened',
];

/** … that the server gave up in the middle, which is not the model's doing. */
const givenUp = [
  'abort',
  'aborted',
  'cancelled',
  'canceled',
  'error',
  'network_error',
  'insufficient_system_resource',
  'timeout',
  'malformed_function_call',
  'unexpected_tool_call',
  'engine_overloaded',
];

/**
 * What a server's finish reason means. Words that nobody knows (`eos`, `end_turn`, `COMPLETE`) are natural ends. Throws
 * {@link BrokenAnswer} where the server gave up.
 */
export function finishReason(sent: string, calls: boolean): Reply['finish_reason'] {
  const word = sent.toLowerCase().replace(/^.*[:.]\s*/, '');
  if (isGivenUp(sent)) throw new BrokenAnswer(`the server ended the answer with finish reason ${sent}`);
  if (length.includes(word)) return 'length';
  if (filtered.includes(word)) return 'content_filter';
  return calls ? 'tool_calls' : 'stop';
}

export function isGivenUp(sent: string): boolean {
  return givenUp.includes(sent.toLowerCase().replace(/^.*[:.]\s*/, ''));
}
