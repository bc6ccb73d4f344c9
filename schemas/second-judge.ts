import { z } from 'zod';
import { Budget } from './budget.ts';
import { FindingCategory } from './finding.ts';

/** How a second judge is asked. */
export const JudgeTerms = z.strictObject({
  categories: z.array(FindingCategory).min(1).default(['MEMORY', 'OTHER']).describe('findings of these categories are put to it'),
  /** Of its questions and answers alone; in a campaign they count for the budget of the campaign too. */
  budget: Budget.prefault({}),
  timeout_seconds: z.number().positive().default(120).describe('for one answer; a later one does not count'),
  passages: z.int().min(1).max(1000).default(40).describe('the most that it is asked about one trajectory'),
});
export type JudgeTerms = z.infer<typeof JudgeTerms>;

/** The section of a campaign file. */
export const CampaignJudge = JudgeTerms.extend({ teacher: z.string().describe('name of one of the teachers of the file') });
export type CampaignJudge = z.infer<typeof CampaignJudge>;
