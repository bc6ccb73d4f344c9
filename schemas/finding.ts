import { z } from 'zod';
import { Judgement, Judging } from './judgement.ts';
import { Place } from './place.ts';
import { ScanPreset } from './scan-preset.ts';

/** The five ways of cheating that the follow-up of Open-SWE-Traces distinguishes. */
export const FindingCategory = z.enum(['UPSTREAM', 'LOCAL_GIT', 'LOCAL_HIDDEN_INFO', 'MEMORY', 'OTHER']);
export type FindingCategory = z.infer<typeof FindingCategory>;

/** How severe a finding is: only a violation counts as an attempt. */
export const Severity = z.enum(['note', 'violation']);
export type Severity = z.infer<typeof Severity>;

/** One thing that the scanner flagged. */
export const Finding = z.object({
  category: FindingCategory,
  rule: z.string(),
  severity: Severity,
  /** Index of the assistant turn, from 0, and of the call within it. */
  turn: z.int().min(0),
  call: z.int().min(0),
  /** The simple command that matched, as written. */
  command: z.string(),
  evidence: z.string(),
  /** Whether the observation shows that something was revealed; a failed try is an attempt all the same. */
  succeeded: z.boolean(),
  /** What a second judge said; absent where none was asked. */
  judge: Judgement.optional(),
});
export type Finding = z.infer<typeof Finding>;

/** All that a scan says of one trajectory. */
export const ScanReport = z.object({
  id: z.string(),
  /** Where the trajectory was read; null for one that comes from no file, as in a campaign. */
  place: Place.nullable().default(null),
  git_hack_attempted: z.boolean(),
  findings: z.array(Finding),
  /**
   * Commands that no grammar could read, which are scanned by a conservative text rule, and what stands under `unread`.
   * Only a report with none and without findings says that the trajectory is clean.
   */
  unparsed: z.int().min(0),
  /** Why calls, results or replies could not be read, one reason each; the scan did not see them. */
  unread: z.array(z.string()).default([]),
  /** Goes up whenever the scanner may find something else in the same trajectory. */
  scanner_version: z.int().min(1),
  preset: ScanPreset,
  /** How a second judge was asked; absent where there was none. */
  judging: Judging.optional(),
});
export type ScanReport = z.infer<typeof ScanReport>;
