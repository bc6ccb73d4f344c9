import type { RolloutInput } from '../../schemas/activity-inputs.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import type { CampaignPlan } from '../../schemas/campaign-plan.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';
import type { PlanReader } from '../planning/index.ts';
import { findHarness, type Harness } from './harness.ts';
import type { RolloutRequest } from './rollout-request.ts';

/** A rollout as its campaign's plan has it. */
export interface PlannedRollout extends Pick<RolloutRequest, 'key' | 'task' | 'teacher' | 'image' | 'limits' | 'harness' | 'templates'> {
  budget: Campaign['budget'];
  onChange: Campaign['rollout']['on_change'];
}

/** Reads everything about a rollout that lies in the store. Throws `Problem` bad_campaign, harness_unknown. */
export async function readPlannedRollout(
  { harnesses, plans }: { harnesses: readonly Harness[]; plans: PlanReader },
  { campaign: name, plan: ref, task: taskRef, cell, image }: RolloutInput,
): Promise<PlannedRollout> {
  const [plan, task] = await Promise.all([plans.plan(ref), plans.task(taskRef)]);
  const { campaign } = plan;
  const key: RolloutKey = { campaign: name, instance_id: task.instance_id, harness: cell.harness, mode: cell.mode, sample: cell.sample };
  const profile = campaign.teachers[cell.teacher];
  if (profile === undefined) throw new Problem('bad_campaign', `campaign ${campaign.name} has no teacher ${cell.teacher}`);
  return {
    key,
    task,
    teacher: { name: cell.teacher, profile },
    image: { id: image.image_id, workdir: image.workdir, cleaned: true },
    budget: campaign.budget,
    onChange: campaign.rollout.on_change,
    limits: campaign.sandbox,
    ...harnessOf(harnesses, plan, key),
  };
}

function harnessOf(
  harnesses: readonly Harness[],
  { campaign, templates: texts }: CampaignPlan,
  key: RolloutKey,
): Pick<PlannedRollout, 'harness' | 'templates'> {
  const settings = campaign.harnesses[key.harness];
  const templates = texts[key.harness];
  if (settings === undefined || templates === undefined) {
    throw new Problem('bad_campaign', `campaign ${campaign.name} does not run ${key.harness}`);
  }
  return { harness: { harness: findHarness(harnesses, key.harness), settings }, templates };
}
