import type { CampaignPlan } from '../../schemas/campaign-plan.ts';
import type { EvaluationPlan } from '../../schemas/evaluation-run.ts';

/** The rollouts of an evaluation, asked of the model at this address. */
export function rolloutsAt({ rollouts }: Pick<EvaluationPlan, 'rollouts'>, base_url: string): CampaignPlan {
  const { campaign } = rollouts;
  const teachers = Object.fromEntries(Object.entries(campaign.teachers).map(([name, teacher]) => [name, { ...teacher, base_url }]));
  return { ...rollouts, campaign: { ...campaign, teachers } };
}
