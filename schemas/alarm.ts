import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { RunName } from './student.ts';

/**
 * What a check says of an evaluation. `invalid`: the machinery, not the model, was measured, so that nothing follows.
 * `warning`: two checks in a row saw a drop that neither of them could prove.
 */
const AlarmVerdict = z.enum(['fine', 'warning', 'regression', 'invalid']);

/** The comparison of one cell, or of all of them together, as the alarm looked at it. */
const AlarmTest = z.object({
  /** `harness/mode`, or `overall`. */
  cell: z.string(),
  instances: z.int().min(0),
  /** Resolve rate minus that of the baseline, as a share. */
  difference: z.number(),
  /** One-sided, of a drop; and corrected for the number of tests (Holm). */
  p: z.number(),
  p_corrected: z.number(),
  /** Of the size that the alarm finds in 95 of 100 cases, as a share; null where it can find none. */
  detectable: z.number().nullable(),
});
export type AlarmTest = z.infer<typeof AlarmTest>;

export const Alarm = z.object({
  evaluation: z.string(),
  baseline: z.string(),
  verdict: AlarmVerdict,
  /** In words, one each; empty when all is fine. */
  reasons: z.array(z.string()),
  tests: z.array(AlarmTest),
});
export type Alarm = z.infer<typeof Alarm>;

/** A check as the ledger keeps it. */
export const CheckRecord = z.object({ format: z.literal(1), series: RunName, alarm: Alarm, checked_at: z.iso.datetime() });
export type CheckRecord = z.infer<typeof CheckRecord>;

/** The evaluation that the others of its series are compared with. */
export const Acceptance = z.object({
  format: z.literal(1),
  series: RunName,
  evaluation: RunName,
  /** The record as it was then: another evaluation under this name does not change the baseline. */
  record: ArtifactRef,
  accepted_at: z.iso.datetime(),
});
export type Acceptance = z.infer<typeof Acceptance>;
