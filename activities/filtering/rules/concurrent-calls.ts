import { z } from 'zod';
import { defineRule, fine, violation } from '../rule.ts';

/** More than one call in one reply. Judged on the raw reply, for a log may show its calls as separate turns. */
export const concurrentCalls = defineRule({
  id: 'concurrent_calls',
  version: 1,
  asks: 'Each reply held one call at most, where the harness wants that.',
  parameters: z.strictObject({
    /** Harness → whether several calls in a reply are allowed. */
    allowed: z.strictObject({ openhands: z.boolean().default(false), sweagent: z.boolean().default(false) }).prefault({}),
  }),
  judge({ trajectory }, { allowed }) {
    if (allowed[trajectory.key.harness]) return fine('the harness allows several calls in a reply');
    const several = trajectory.turns.filter((turn) => turn.calls > 1);
    if (several.length === 0) return fine('no reply held more than one call');
    return violation(
      `${several.length} replies with more than one call`,
      several.map(({ turn, calls }) => ({ text: `${calls} calls in one reply`, turn })),
    );
  },
});
