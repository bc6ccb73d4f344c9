import { z } from 'zod';
import { FilterPresetName } from './filter-preset.ts';
import { FindingCategory } from './finding.ts';
import { CampaignName, HarnessName, Mode } from './names.ts';
import { Resolved } from './verdict.ts';

/**
 * Which rows of the ledger a release has: kept rows of the campaigns (sets of rows brought in from elsewhere are campaigns too) that meet
 * every condition that is given.
 */
export const ReleaseQuery = z.strictObject({
  campaigns: z.array(CampaignName).min(1),
  /** Rows that were decided on by this preset. */
  preset: FilterPresetName.optional(),
  harnesses: z.array(HarnessName).min(1).optional(),
  modes: z.array(Mode).min(1).optional(),
  languages: z.array(z.string()).min(1).optional(),
  /** Licences that rows may have: any at all, those with an SPDX name (the default), or these. Unlike the others, it also says no by itself. */
  licences: z.union([z.enum(['any', 'known']), z.array(z.string().min(1)).min(1)]).optional(),
  resolved: z.array(Resolved).min(1).optional(),
  /** Rows without any finding, with some, or with one of these categories. */
  findings: z.union([z.enum(['none', 'some']), z.array(FindingCategory).min(1)]).optional(),
  /** Made of other releases: its rows are those that have a hash on its ledger. */
  derived: z.literal(true).optional(),
  /** Of a sample: how many rows were asked for, by what seed they were chosen, and of what each has its share. */
  sample: z.strictObject({ rows: z.int().min(1), seed: z.string(), by: z.enum(['cell', 'language', 'repo']) }).optional(),
});
export type ReleaseQuery = z.infer<typeof ReleaseQuery>;
