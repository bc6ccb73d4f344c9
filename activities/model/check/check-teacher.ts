import type { Teacher } from '../../../schemas/campaign.ts';
import type { Mode } from '../../../schemas/names.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { TeacherCheck } from '../../../schemas/teacher-check.ts';
import { requestBody } from '../request-body.ts';
import { AskedTeacher, type AskOptions } from './ask-teacher.ts';
import { checkCall } from './check-call.ts';
import { checkModels, type ModelListNeeds } from './check-models.ts';
import { checkReplay } from './check-replay.ts';
import type { Findings } from './findings.ts';
import { withAddress } from './other-address.ts';

export interface CheckOptions extends AskOptions {
  /** Forces the call by a closed schema, for a model that makes no sense: proves the server and not the model. */
  forced?: boolean;
  models?: ModelListNeeds;
}

/** `problem` is the first thing found wrong: its code begins with `endpoint_`. */
export type CheckedTeacher = Omit<TeacherCheck, 'teacher' | 'problem'> & { problem: Problem | null };

/**
 * Asks a model as the rollouts of a mode will ask it: a tool call comes back parsed and with the right types, reasoning is there
 * where the mode has it and only there, reasoning of an earlier turn is read. Throws only what is no finding, such as the signal's
 * reason.
 */
export async function checkTeacher(mode: Mode, teacher: Teacher, options: CheckOptions): Promise<CheckedTeacher> {
  const { forced = false, models = { contextTokens: null, listed: false } } = options;
  const asked = new AskedTeacher(mode, teacher, options);
  const findings: Findings = { passed: [], unchecked: [] };
  const found: Pick<CheckedTeacher, 'reasoning_form' | 'problem'> = { reasoning_form: null, problem: null };
  try {
    await checkModels(asked, models, findings);
    const reply = await checkCall(asked, forced, findings);
    found.reasoning_form = reply.reasoning_form ?? null;
    await checkReplay(asked, reply, findings);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    found.problem = await withAddress(asked, error, findings);
  }
  const { passed, unchecked } = findings;
  return { model: teacher.model, mode, passed, unchecked, ...found, ...asked.spent };
}

/** One token, from the model itself, asked for once. Throws `Problem` endpoint_…. */
export async function giveToken(mode: Mode, teacher: Teacher, options: AskOptions): Promise<void> {
  const short = { ...teacher, sampling: { ...teacher.sampling, max_tokens: 1 } };
  const body = requestBody({ messages: [{ role: 'user', content: 'Say yes.' }], tools: [] }, short, mode);
  await new AskedTeacher(mode, short, { ...options, sends: 1 }).send(body);
}
