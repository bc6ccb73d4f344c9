import { z } from 'zod';
import { FindingCategory, Severity } from './finding.ts';
import { HarnessName, Mode } from './names.ts';

const count = z.int().min(0);

/** How a number is spread over rows. `bins` have equal widths and cover all rows: `from` (included) to `to` (excluded). */
export const Distribution = z.object({
  /** Rows of which the number is known; the figures are of these. */
  rows: count,
  mean: z.number().min(0),
  min: count,
  median: count,
  p90: count,
  max: count,
  bins: z.array(z.object({ from: count, to: count, rows: count })),
});
export type Distribution = z.infer<typeof Distribution>;

/** Of one harness and mode; null where no row says the number. */
export const CellDistributions = z.object({
  harness: HarnessName,
  mode: Mode,
  /** Assistant turns a row. */
  turns: Distribution.nullable(),
  /** Tokens that the teacher wrote in a row, over all its replies. */
  completion_tokens: Distribution.nullable(),
});
export type CellDistributions = z.infer<typeof CellDistributions>;

/** A repository whose code stands in rows of the release, for attribution. */
export const RepositoryRows = z.object({
  repo: z.string(),
  /** As its source states it; empty where nobody does. */
  license: z.string(),
  rows: count,
});
export type RepositoryRows = z.infer<typeof RepositoryRows>;

/** Findings of the scanner of one category and severity: how many, and in how many rows that were kept or not. */
export const FindingRows = z.object({
  category: FindingCategory,
  severity: Severity,
  findings: count,
  kept_rows: count,
  other_rows: count,
});
export type FindingRows = z.infer<typeof FindingRows>;

/** Rows by what the comparison with other rows of their task said; rows that no comparison saw are not judged. */
const NearDuplicateRows = z.object({ unlike: count, kept: count, left_out: count, not_judged: count });

/** Kept rows by what one rule on what should not be published found; rows decided before there was the rule are not judged. */
const PrivateRows = z.object({ rule: z.string(), found: count, clean: count, not_judged: count });

/** What a card shows beside the counts of rows; all of it follows from the ledger. */
export const ReleaseFigures = z.object({
  distributions: z.array(CellDistributions),
  /** Sorted by name and licence. */
  repositories: z.array(RepositoryRows),
  findings: z.array(FindingRows),
  near_duplicates: NearDuplicateRows,
  private: z.array(PrivateRows),
});
export type ReleaseFigures = z.infer<typeof ReleaseFigures>;
