/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { readCampaignFile, readCampaignText } from './campaign-file.ts';
export { type CampaignWish, campaignTemplate } from './campaign-template.ts';
export { cellsOf } from './cells.ts';
export { completeSettings } from './harness-settings.ts';
export { checkCampaign, planCampaign, recordPlan } from './plan-campaign.ts';
export { PlanReader } from './plan-reader.ts';
export type { PlanningNeeds } from './planning-needs.ts';
export { runOf } from './run-of-plan.ts';
