import { z } from 'zod';
import { AmbiguityCause, describeAmbiguity } from '../../../schemas/ambiguity.ts';
import { defineFilter, excerpt, fine, violation } from '../filter.ts';

/** The verdict rests on a test log that can be read otherwise. */
export const ambiguousVerdict = defineFilter({
  id: 'ambiguous_verdict',
  version: 2,
  asks: 'The test log leaves no doubt about the verdict.',
  parameters: z.strictObject({
    /** The causes that count. */
    causes: z.array(AmbiguityCause).default(AmbiguityCause.options),
  }),
  needs: ['test_log'],
  check({ verdict }, { causes }) {
    const found = (verdict.ambiguous ?? []).filter(({ cause }) => causes.includes(cause));
    const [first] = found;
    if (first === undefined) return fine('the test log leaves no doubt');
    const tests = new Set(found.flatMap((ambiguity) => ambiguity.tests)).size;
    return violation(
      `resolved ${verdict.resolved} rests on an ambiguous log: ${describeAmbiguity(first)}${tests > 0 ? ` (${tests} tests)` : ''}`,
      found.flatMap(({ cause, tests: names, line }) =>
        (names.length > 0 ? names : ['all tests']).map((name) => ({
          text: excerpt(`${cause}: ${name}${line === '' ? '' : `, in: ${line}`}`),
        })),
      ),
    );
  },
});
