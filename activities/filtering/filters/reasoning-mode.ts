import { z } from 'zod';
import type { AssistantMessage } from '../../../schemas/message.ts';
import { assistantMessages } from '../calls.ts';
import { splitReasoning } from '../../reasoning/split-reasoning.ts';
import { defineFilter, excerpt, fine, violation } from '../filter.ts';

/** A think row must show reasoning, a no-think row none. The `think` tool of a harness is neither. */
export const reasoningMode = defineFilter({
  id: 'reasoning_mode',
  version: 1,
  asks: 'A think row holds reasoning, a no-think row none.',
  parameters: z.strictObject({
    /** Least share of a think row's turns that hold reasoning; above 0, at least one turn must. */
    think_share: z.number().min(0).max(1).default(0.01),
    /** Characters below which reasoning counts as none. */
    shortest: z.int().min(1).default(1),
  }),
  check({ trajectory: { key, messages } }, { think_share, shortest }) {
    const replies = assistantMessages(messages).map((message, turn) => ({ turn, reasoning: reasoningOf(message).trim() }));
    const reasoned = replies.filter(({ reasoning }) => reasoning.length >= shortest);
    if (key.mode === 'no_think') {
      if (reasoned.length === 0) return fine('no reasoning, as the mode asks');
      return violation(
        `${reasoned.length} of ${replies.length} turns reason in a no-think row`,
        reasoned.map(({ turn, reasoning }) => ({ text: excerpt(reasoning), turn })),
      );
    }
    const enough = reasoned.length >= Math.max(replies.length * think_share, think_share > 0 ? 1 : 0);
    if (enough) return fine(`${reasoned.length} of ${replies.length} turns reason`);
    return violation(
      `only ${reasoned.length} of ${replies.length} turns of a think row reason`,
      replies.filter(({ reasoning }) => reasoning.length < shortest).map(({ turn }) => ({ text: 'no reasoning', turn })),
    );
  },
});

/** A block left in the text counts too, in either mode, but only with its opening tag: the reply was split before. */
function reasoningOf(message: AssistantMessage): string {
  return message.reasoning_content ?? splitReasoning(message.content, '', 'no_think').reasoning;
}
