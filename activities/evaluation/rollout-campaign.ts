import { Campaign, type Teacher } from '../../schemas/campaign.ts';
import type { EvaluationFile } from '../../schemas/evaluation.ts';
import { Mode } from '../../schemas/names.ts';
import { evaluationCampaign } from '../../workflows/contract/ids.ts';
import { samplingOf } from './sampling.ts';

/** Where the model answers. */
export interface ModelAddress {
  base_url: string;
  model: string;
  api_key_env?: string | undefined;
}

/** The model as the teacher of one mode. */
export function studentIn(mode: Mode, file: EvaluationFile, { base_url, model, api_key_env }: ModelAddress): Teacher {
  const { base, prices } = file.model;
  const own = file.modes[mode];
  // A student was trained on the words /think and /no_think. The parsers of servers take a reply that closes no reasoning for
  // reasoning, unless the request says that there is none.
  const thinking = base === undefined ? {} : ({ control: 'suffix_and_kwargs' } as const);
  return Campaign.shape.teachers.valueType.parse({
    model: own?.model ?? model,
    base_url,
    ...(api_key_env !== undefined && { api_key_env }),
    thinking: { ...thinking, ...own?.thinking },
    sampling: samplingOf(base, mode, own?.sampling ?? {}),
    prices,
    concurrency: file.requests,
  });
}

/** The modes of an evaluation, in the order of reports. */
export function modesOf({ modes }: EvaluationFile): Mode[] {
  return Mode.options.filter((mode) => modes[mode] !== undefined);
}

/** The rollouts of an evaluation as a campaign: every run is a sample, nothing is dropped and nothing released. */
export function rolloutCampaign(file: EvaluationFile, address: ModelAddress): Campaign {
  const modes = modesOf(file);
  const named = (mode: Mode) => `student-${mode}`;
  return Campaign.parse({
    name: evaluationCampaign(file.name),
    purpose: 'evaluation',
    tasks: file.benchmark.data,
    harnesses: file.harnesses,
    modes: Object.fromEntries(modes.map((mode) => [mode, named(mode)])),
    teachers: Object.fromEntries(modes.map((mode) => [named(mode), studentIn(mode, file, address)])),
    samples: file.runs,
    concurrency: file.concurrency,
    budget: file.budget,
    rollout: file.rollout,
    sandbox: file.sandbox,
    verification: file.verification,
    filtering: { preset: 'evaluation' },
    release: { build: false },
  });
}
