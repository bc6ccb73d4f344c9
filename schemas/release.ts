import { z } from 'zod';
import { Sha256 } from './artifact-ref.ts';
import { Funnel } from './ledger-record.ts';
import { Decision, LedgerEntry } from './ledger-entry.ts';
import { RowForm } from './dataset-row.ts';
import { CampaignName, HarnessName, Mode } from './names.ts';
import { ReleaseFigures } from './release-figures.ts';
import { PrivateKind } from './private-text.ts';
import { ReleaseQuery } from './release-query.ts';
import { RowOrigin } from './row-origin.ts';
import { Verdict } from './verdict.ts';

const count = z.int().min(0);

/**
 * A ledger entry as a release publishes it: without what differs between equal runs (durations) and what means
 * something on one machine only (references into its store).
 */
export const ReleasedLedgerEntry = LedgerEntry.omit({ task: true, trajectory: true, verdict: true }).extend({
  /** The whole verdict with the names of all tests, not the ledger's summary. */
  verdict: Verdict.omit({ log: true, duration_ms: true }).nullable(),
  /** sha256 of its row's JSON, as the content hash takes it; null for a row that the release does not have. */
  row_sha256: Sha256.nullable().default(null),
  /** Without the path, which means something on one machine only. */
  origin: RowOrigin.omit({ place: true }).optional(),
});
export type ReleasedLedgerEntry = z.infer<typeof ReleasedLedgerEntry>;

const ReleaseFile = z.object({ path: z.string(), sha256: Sha256, size_bytes: count });

/** Rows of one harness, mode and language in a release. */
export const RowStatistics = z.object({
  harness: HarnessName,
  mode: Mode,
  language: z.string(),
  rows: count,
  resolved: count,
  unresolved: count,
  unknown: count,
  turns: count,
  prompt_tokens: count,
  completion_tokens: count,
  /** Of the rows, those whose tokens are known; the sums are of these. Absent in earlier releases. */
  rows_with_tokens: count.optional(),
});
export type RowStatistics = z.infer<typeof RowStatistics>;

/** What a release replaced: the kinds that were asked for, rows with a replacement, places by kind, patches that changed. */
const Redaction = z.object({
  version: z.int().min(1),
  kinds: z.array(PrivateKind),
  rows: count,
  places: z.partialRecord(PrivateKind, count),
  patches: count,
  ledger_entries: count,
});

/** `manifest.json`: everything needed to check a release and to know how it was made. It holds no time. */
export const ReleaseManifest = z.object({
  format: z.literal(1),
  /** Name of the release: that of its campaign, unless another was given. */
  campaign: CampaignName,
  version: z.string(),
  /** Which rows of the ledger it has; absent in a release that was written before there were queries. */
  query: ReleaseQuery.optional(),
  form: RowForm.default('trajectory'),
  rows: count,
  /** Kept rows of its campaigns that the query leaves out. */
  not_selected: count.default(0),
  /** Of these, the rows whose licence may not enter, by what is wrong with it. */
  refused_licences: z.array(z.object({ licence: z.string(), rows: count })).default([]),
  /** What was replaced in rows and ledger; absent where nothing was to be. */
  redaction: Redaction.optional(),
  /** Kinds of things that were replaced in every release that this one was made of; how often is in their manifests. */
  redacted_before: z.array(PrivateKind).optional(),
  /** sha256 over one line a row, `<trajectory_id> <sha256 of the row's JSON>`, in the order of the files. */
  content_sha256: Sha256,
  shards: z.array(ReleaseFile.extend({ split: HarnessName, rows: count })),
  ledger: ReleaseFile.extend({ entries: count }),
  card: ReleaseFile,
  /** What the card shows or names: pictures and the list of repositories. */
  card_files: z.array(ReleaseFile).default([]),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  filters: z.array(
    Decision.pick({ rule: true, version: true, parameters: true }).extend({
      preset: z.string(),
      keep: count,
      note: count,
      drop: count,
      not_judged: count.default(0),
    }),
  ),
  funnel: Funnel,
  statistics: z.array(RowStatistics),
  /** Absent in earlier releases. */
  figures: ReleaseFigures.optional(),
});
export type ReleaseManifest = z.infer<typeof ReleaseManifest>;
