import type { CampaignPlan } from '../../schemas/campaign-plan.ts';
import { sha256Of } from '../rollout/index.ts';

/**
 * The sha256 of everything that decides what the rollouts of an evaluation are: tasks, harnesses with their texts, the model
 * by its name (which holds the checkpoint of one that is served) with thinking and sampling, and the number of runs. Addresses,
 * keys, prices, limits of machines and the order of work may change.
 */
export function inputsHash({ campaign, templates, tasks }: Pick<CampaignPlan, 'campaign' | 'templates' | 'tasks'>): string {
  const modes = Object.entries(campaign.modes).map(([mode, name]) => {
    const { model, thinking, sampling } = campaign.teachers[name] ?? {};
    return [mode, { model, thinking, sampling }] as const;
  });
  const harnesses = Object.entries(campaign.harnesses).map(([name, settings]) => [name, { settings, texts: templates[name]?.texts }]);
  return sha256Of({
    tasks: tasks.map(({ instance_id, task }) => `${instance_id} ${task.sha256}`).toSorted(),
    harnesses: Object.fromEntries(harnesses),
    modes: Object.fromEntries(modes),
    runs: campaign.samples,
  });
}
