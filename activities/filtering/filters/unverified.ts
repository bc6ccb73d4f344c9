import { z } from 'zod';
import { defineFilter, fine, violation } from '../filter.ts';

/** Nothing is known of the tests' outcome. */
export const unverified = defineFilter({
  id: 'unverified',
  version: 1,
  asks: 'Tests decided whether the row is resolved.',
  parameters: z.strictObject({}),
  check({ verdict }) {
    if (verdict.resolved !== -1) return fine(`resolved ${verdict.resolved}`);
    return violation(
      `resolved is unknown: ${verdict.reason.replaceAll('_', ' ')}`,
      verdict.detail === '' ? [] : [{ text: verdict.detail }],
    );
  },
});
