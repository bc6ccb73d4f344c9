import { z } from 'zod';
import { defineFilter, fine, violation } from '../filter.ts';

/** The server cut a reply at its token limit. */
export const truncatedReply = defineFilter({
  id: 'truncated_reply',
  version: 2,
  asks: 'No reply was cut at the token limit.',
  parameters: z.strictObject({}),
  needs: ['finish_reasons'],
  check({ trajectory }) {
    const cut = trajectory.turns.filter((turn) => turn.finish_reason === 'length');
    if (cut.length === 0) return fine('every reply came whole');
    return violation(
      `${cut.length} replies were cut`,
      cut.map(({ turn }) => ({ text: 'finish reason: length', turn })),
    );
  },
});
