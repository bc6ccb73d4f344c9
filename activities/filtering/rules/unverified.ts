import { z } from 'zod';
import { defineRule, fine, violation } from '../rule.ts';

/** Nothing is known of the tests' outcome. */
export const unverified = defineRule({
  id: 'unverified',
  version: 1,
  asks: 'Tests decided whether the row is resolved.',
  parameters: z.strictObject({}),
  judge({ verdict }) {
    if (verdict.resolved !== -1) return fine(`resolved ${verdict.resolved}`);
    return violation(`resolved is unknown: ${verdict.reason}`, verdict.detail === '' ? [] : [{ text: verdict.detail }]);
  },
});
