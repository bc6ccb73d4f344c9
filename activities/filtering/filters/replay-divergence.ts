import { z } from 'zod';
import { defineFilter, excerpt, fine, violation } from '../filter.ts';

/** A container was lost and rebuilt by replaying its actions, and some of them then gave another result. */
export const replayDivergence = defineFilter({
  id: 'replay_divergence',
  version: 2,
  asks: 'Rebuilding a lost container gave the results that the model had seen.',
  parameters: z.strictObject({}),
  needs: ['replays'],
  check({ trajectory }) {
    const { replay_divergences: divergences } = trajectory;
    if (divergences.length === 0) return fine('no replay gave another result');
    return violation(
      `${divergences.length} replayed actions gave another result`,
      divergences.map((text) => ({ text: excerpt(text) })),
    );
  },
});
