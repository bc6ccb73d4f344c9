import { z } from 'zod';

const count = z.int().min(0);

/** How far a release is, as the heartbeats of its building carry it. */
export const ReleaseProgress = z.object({
  /**
   * `waiting` for another build of the same release, `comparing` the rows of each task, `planning` shards, `writing` and
   * checking them one after another, `finishing` with ledger, card and manifest.
   */
  phase: z.enum(['waiting', 'comparing', 'planning', 'writing', 'finishing']),
  /** Rows of the release; 0 until they are counted. */
  rows: count,
  written: count,
  /** Rows read back. */
  checked: count,
  shards: count,
  shards_done: count,
});
export type ReleaseProgress = z.infer<typeof ReleaseProgress>;
