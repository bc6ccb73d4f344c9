import type { Teacher } from '../../../schemas/campaign.ts';
import type { EvaluationFile } from '../../../schemas/evaluation.ts';
import type { CanaryReport } from '../../../schemas/evaluation-run.ts';
import type { Mode } from '../../../schemas/names.ts';
import { checkTeacher } from '../../model/check/check-teacher.ts';
import type { SettingNames } from '../../model/check/settings-names.ts';

export interface CanaryOptions {
  strictness: EvaluationFile['canary'];
  context_tokens: number;
  /** The value of the variable that the teacher names; null where it names none. */
  apiKey: string | null;
  signal: AbortSignal;
  /** Between two tries of a model that may have drawn an unlucky token; milliseconds. */
  pauseMs?: number;
}

/**
 * Checks a model in one mode before its rollouts begin. `lenient` forces the call by a closed schema, which proves the server
 * and not the model. Throws the `Problem` that was found, with a code that begins with `endpoint_`.
 */
export async function runCanary(mode: Mode, teacher: Teacher, options: CanaryOptions): Promise<CanaryReport> {
  const { strictness, context_tokens, apiKey, signal, pauseMs } = options;
  const { passed, unchecked, reasoning_form, problem } = await checkTeacher(mode, teacher, {
    forced: strictness === 'lenient',
    models: { contextTokens: context_tokens, listed: true },
    apiKey,
    names: settingNames(mode),
    signal,
    ...(pauseMs !== undefined && { pauseMs }),
  });
  if (problem !== null) throw problem;
  return { mode, strictness, passed, unchecked, ...(reasoning_form !== null && { reasoning_form }) };
}

/** As an evaluation file has them. */
export function settingNames(mode: Mode): SettingNames {
  return {
    model: 'model.endpoint.model',
    address: 'model.endpoint.base_url',
    key: 'model.endpoint.api_key_env',
    thinking: `modes.${mode}.thinking`,
    resend: `modes.${mode}.thinking.resend`,
    sampling: `modes.${mode}.sampling`,
    afterKey: ' and start the worker again',
  };
}
