import { z } from 'zod';
import { Campaign } from './campaign.ts';
import { CampaignProgress } from './campaign-progress.ts';
import { CampaignRun } from './campaign-run.ts';
import { CampaignName } from './names.ts';
import { TeacherCheckWish } from './teacher-check.ts';

/**
 * What starts a campaign: its file as it was read, with absolute paths. Planning, its first activity, does the rest.
 * `teacher_check` comes before that of the file.
 */
export const CampaignStart = z.object({ campaign: CampaignName, file: Campaign, teacher_check: TeacherCheckWish.optional() });
export type CampaignStart = z.infer<typeof CampaignStart>;

/** What planning says to the workflow. `finished`: the end of a run of the very same plan that left nothing to do. */
export const PlannedCampaign = z.object({ run: CampaignRun, finished: CampaignProgress.nullable() });
export type PlannedCampaign = z.infer<typeof PlannedCampaign>;

/** What the heartbeat of planning carries; `doing`, for people, once the inputs are read. */
export const PlanningHeartbeat = z.object({ tasks: z.int().min(0), doing: z.string().optional() });
export type PlanningHeartbeat = z.infer<typeof PlanningHeartbeat>;
