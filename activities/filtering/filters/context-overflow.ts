import { z } from 'zod';
import { defineFilter, fine, violation } from '../filter.ts';

/** The conversation outgrew what the teacher's server accepts. */
export const contextOverflow = defineFilter({
  id: 'context_overflow',
  version: 2,
  asks: "The conversation fitted the teacher's context to its end.",
  parameters: z.strictObject({}),
  needs: ['ending'],
  check({ trajectory: { ending } }) {
    if (ending.kind !== 'context_full') return fine('the context was never full');
    return violation("the conversation outgrew the teacher's context", [{ text: `${ending.status}: ${ending.detail}` }]);
  },
});
