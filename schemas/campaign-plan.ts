import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { Campaign } from './campaign.ts';
import { HarnessName, InstanceId, Language } from './names.ts';
import { HarnessTemplates } from './templates.ts';

/** One task of a campaign, by its place in the store. */
export const PlannedTask = z.object({
  instance_id: InstanceId,
  repo: z.string(),
  language: Language,
  license: z.string(),
  task: ArtifactRef,
});
export type PlannedTask = z.infer<typeof PlannedTask>;

/** A row of the campaign's input that became no task, and why. */
export const SkippedRow = z.object({
  /** File and line or row, for people. */
  place: z.string(),
  code: z.string().default('bad_row'),
  /** What is wrong, field by field or rule by rule. */
  reason: z.string(),
  /** What to do next. */
  hint: z.string().default(''),
});
export type SkippedRow = z.infer<typeof SkippedRow>;

/**
 * A campaign as it runs: its file with everything that lies outside it read in, so that neither a changed file nor
 * another host changes a running campaign. Kept in the store; workflows know it by its reference.
 */
export const CampaignPlan = z.object({
  campaign: Campaign,
  templates: z.record(HarnessName, HarnessTemplates),
  tasks: z.array(PlannedTask),
  skipped: z.array(SkippedRow),
});
export type CampaignPlan = z.infer<typeof CampaignPlan>;
