import { z } from 'zod';
import { defineRule, fine, violation } from '../rule.ts';

/** The patch makes tests weaker: it deletes or skips them, or changes how they are found. Verification does not fall for it. */
export const testTampering = defineRule({
  id: 'test_tampering',
  version: 1,
  asks: 'The patch deletes and skips no tests and leaves their configuration alone.',
  parameters: z.strictObject({
    deleted: z.boolean().default(true),
    skipped: z.boolean().default(true),
    configuration: z.boolean().default(true),
  }),
  judge({ patch }, { deleted, skipped, configuration }) {
    const signs = [
      deleted && patch.deletes_tests ? 'tests were deleted' : null,
      skipped && patch.adds_skips ? 'tests were made to be skipped' : null,
      configuration && patch.edits_test_infra ? 'the configuration of tests was changed' : null,
    ].filter((sign) => sign !== null);
    if (signs.length === 0) return fine('no test was made weaker');
    return violation(
      signs.join('; '),
      patch.paths.map((path) => ({ text: path })),
    );
  },
});
