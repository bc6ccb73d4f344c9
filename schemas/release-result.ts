import { z } from 'zod';

const count = z.int().min(0);

/** What building a release says to the campaign. */
export const ReleaseResult = z.object({
  version: z.string(),
  rows: count,
  manifest_sha256: z.string(),
  folder: z.string(),
  /** Kept rows that it does not have because of their licence; absent in earlier results. */
  refused_licence_rows: count.optional(),
  /** Rows in which something was replaced, and in how many places; absent where nothing was to be. */
  redacted: z.object({ rows: count, places: count }).optional(),
});
export type ReleaseResult = z.infer<typeof ReleaseResult>;
