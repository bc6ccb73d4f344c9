import type { Teacher } from '../../schemas/campaign.ts';
import type { ReasoningBlocks, ReasoningForm } from '../../schemas/reasoning-form.ts';
import type { Reply } from '../../schemas/turn.ts';

/** Of journals that earlier versions began, which did not write down how reasoning came. */
const formBefore: ReasoningForm = 'reasoning_content';

/**
 * How the server of a rollout sends its reasoning, by the replies so far. Under `resend: auto` all earlier reasoning goes back
 * as the last reply brought some: another form may be dropped by the server without a word. It depends on earlier replies
 * alone, so that a resumed rollout asks as it asked before.
 */
export class EarlierReasoning {
  readonly #resend: Teacher['thinking']['resend'];
  readonly #blocks = new Map<string, ReasoningBlocks>();
  #last: ReasoningForm = formBefore;

  constructor({ thinking }: Pick<Teacher, 'thinking'>) {
    this.#resend = thinking.resend;
  }

  /** Takes in a reply. Replies have to come in their order. */
  note({
    reasoning_content,
    reasoning_form,
    reasoning_blocks,
  }: Pick<Reply, 'reasoning_content' | 'reasoning_form' | 'reasoning_blocks'>): void {
    if (reasoning_content === undefined || reasoning_form === undefined) return;
    this.#last = reasoning_form;
    if (reasoning_blocks !== undefined) this.#blocks.set(reasoning_content, reasoning_blocks);
  }

  get form(): ReasoningForm | 'none' {
    return this.#resend === 'auto' ? this.#last : this.#resend;
  }

  /** The blocks that a reasoning came in; undefined where it came otherwise. */
  blocksOf(reasoning: string): ReasoningBlocks | undefined {
    return this.#blocks.get(reasoning);
  }
}

/** Content and further fields of an assistant message whose reasoning goes back. */
export function withReasoning(
  content: string,
  reasoning: string,
  earlier: Pick<EarlierReasoning, 'form' | 'blocksOf'>,
): Record<string, unknown> {
  switch (earlier.form) {
    case 'none':
      return { content };
    case 'inline':
      return { content: `<think>\n${reasoning}\n</think>\n\n${content}` };
    case 'reasoning_content':
      return { content, reasoning_content: reasoning };
    case 'reasoning':
      return { content, reasoning };
    case 'both_fields':
      return { content, reasoning_content: reasoning, reasoning };
    case 'reasoning_details':
      return { content, reasoning_details: earlier.blocksOf(reasoning) ?? [{ type: 'reasoning.text', text: reasoning }] };
    case 'thinking_blocks':
      return { content, thinking_blocks: earlier.blocksOf(reasoning) ?? [{ type: 'thinking', thinking: reasoning }] };
    case 'thinking_parts':
      return {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: reasoning }] },
          ...(content === '' ? [] : [{ type: 'text', text: content }]),
        ],
      };
  }
}
