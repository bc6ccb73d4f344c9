import { z } from 'zod';
import { defineFilter, fine, violation } from '../filter.ts';

/** A limit on turns, cost or time ended the rollout, whether or not a patch was handed in by itself afterwards. */
export const limits = defineFilter({
  id: 'limits',
  version: 2,
  asks: 'The rollout ended before a limit on turns, cost or time did it.',
  parameters: z.strictObject({
    kinds: z.array(z.enum(['turn_limit', 'cost_limit', 'time_limit'])).default(['turn_limit', 'cost_limit', 'time_limit']),
  }),
  needs: ['ending'],
  check({ trajectory }, { kinds }) {
    const { ending, turns } = trajectory;
    if (!kinds.some((kind) => kind === ending.kind)) return fine(`ended as ${ending.kind}`);
    return violation(`ended by its ${ending.kind.replace('_', ' ')} after ${turns.length} turns`, [
      { text: `${ending.status}: ${ending.detail}` },
    ]);
  },
});
