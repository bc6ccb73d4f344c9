import { z } from 'zod';
import { defineFilter, fine, violation } from '../filter.ts';

/** The patch changes tests and nothing else: it cannot be a fix. */
export const testsOnly = defineFilter({
  id: 'tests_only',
  version: 2,
  asks: 'The patch changes something other than tests.',
  parameters: z.strictObject({}),
  needs: ['model_patch'],
  check({ patch }) {
    if (!patch.tests_only) return fine('not only tests were changed');
    return violation(
      'only tests were changed',
      patch.test_paths.map((path) => ({ text: path })),
    );
  },
});
