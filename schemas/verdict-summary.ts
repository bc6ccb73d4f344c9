import { z } from 'zod';
import { AmbiguitySummary } from './ambiguity.ts';
import { ArtifactRef } from './artifact-ref.ts';
import { Verdict } from './verdict.ts';

/** Of a verdict's tests: how many, not which. */
const TestCounts = z.object({ passed: z.int().min(0), failed: z.int().min(0) });
export type TestCounts = z.infer<typeof TestCounts>;

/** What the ledger holds of a verdict: some 3 KB at most, however many tests its task has. */
export const VerdictSummary = Verdict.pick({ resolved: true, reason: true, log: true, exit_codes: true, suspicious: true }).extend({
  /** The whole verdict. */
  ref: ArtifactRef,
  /** The beginning of the verdict's, where that is long. */
  detail: z.string(),
  fail_to_pass: TestCounts,
  pass_to_pass: TestCounts,
  /** The first of the tests that did not pass, those that were to be fixed before those that were to stay; long names are cut. */
  not_passed: z.array(z.string()),
  /** The verdict's causes of doubt, each with the first of its tests; long names are cut. */
  ambiguous: z.array(AmbiguitySummary).optional(),
});
export type VerdictSummary = z.infer<typeof VerdictSummary>;
