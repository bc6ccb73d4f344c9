import type { Spoken } from './compose-reply.ts';

type Form = NonNullable<Spoken['reasoning']>['form'];

/** A piece of reasoning in a stream. */
export function reasoningDelta(form: Form, piece: string, first: boolean): Record<string, unknown> {
  switch (form) {
    case 'reasoning_content':
      return { reasoning_content: piece };
    case 'reasoning':
      return { reasoning: piece };
    case 'both_fields':
      return { reasoning_content: piece, reasoning: piece };
    case 'reasoning_details':
      return {
        reasoning_details: [{ type: 'reasoning.text', index: 0, text: piece, ...(first && { id: 'reasoning-1', format: 'scripted-v1' }) }],
      };
    case 'thinking_blocks':
      return {
        reasoning_content: piece,
        thinking_blocks: [{ type: 'thinking', thinking: piece, ...(first && { signature: 'c2lnbmVk' }) }],
      };
    case 'thinking_parts':
      return { content: [{ type: 'thinking', thinking: [{ type: 'text', text: piece }] }] };
  }
}

/** All of it, in a whole answer. Parts of the content take the content's own text in. */
export function reasoningOfMessage(form: Form, text: string, content: string): Record<string, unknown> {
  if (form !== 'thinking_parts') return reasoningDelta(form, text, true);
  const thinking = { type: 'thinking', thinking: [{ type: 'text', text }] };
  return { content: content === '' ? [thinking] : [thinking, { type: 'text', text: content }] };
}
