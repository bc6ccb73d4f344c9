import { z } from 'zod';

/** One rollout or trajectory in a list, with all that lists sort and filter by. `null`: unknown. */
export const ViewRow = z.object({
  /** Names it in addresses of pages, for as long as its source lives: an id, never a position. */
  id: z.string(),
  instance_id: z.string(),
  repo: z.string(),
  language: z.string(),
  license: z.string(),
  harness: z.string(),
  mode: z.string(),
  model: z.string(),
  sample: z.int().min(0),
  stage: z.string(),
  ending: z.string(),
  fate: z.string(),
  /** The rule that dropped it; empty where none did. */
  rule: z.string(),
  resolved: z.int().min(-1).max(1).nullable(),
  turns: z.int().min(0).nullable(),
  prompt_tokens: z.int().min(0).nullable(),
  completion_tokens: z.int().min(0).nullable(),
  cost_usd: z.number().min(0).nullable(),
  /** Bytes of the transcript. */
  bytes: z.int().min(0).nullable(),
  seconds: z.number().min(0).nullable(),
  findings: z.int().min(0).nullable(),
  categories: z.string(),
});
export type ViewRow = z.infer<typeof ViewRow>;

/** A list as asked for: what the address of a page says, too. */
export const RowQuery = z.object({
  /** Exact values by column; several values of one column are alternatives. */
  where: z.record(z.string(), z.array(z.string())),
  /** Words that must stand in id, instance, repository or model, in any case. */
  text: z.string(),
  sort: z.string(),
  descending: z.boolean(),
  /** The last row of the page before: its sort value and id; null for the first page. */
  after: z.string().nullable(),
  limit: z.int().min(1).max(1000),
});
export type RowQuery = z.infer<typeof RowQuery>;

/** One page of a list. */
export const RowPage = z.object({
  rows: z.array(ViewRow),
  /** Rows that match, exactly, and rows of the list as a whole. */
  matched: z.int().min(0),
  total: z.int().min(0),
  /** For `after` of the next page; null at the end. */
  next: z.string().nullable(),
  /** How many rows of those that match have each value, of the columns with few values. */
  facets: z.record(z.string(), z.record(z.string(), z.int().min(0))),
  /** Version of the list: it goes up when a row changed. */
  version: z.string(),
  /** What the rows do not say now, one reason each; absent when nothing is missing. */
  missing: z.array(z.string()).optional(),
});
export type RowPage = z.infer<typeof RowPage>;
