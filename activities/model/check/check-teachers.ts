import type { Campaign, Teacher } from '../../../schemas/campaign.ts';
import { Mode } from '../../../schemas/names.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { TeacherCheck, TeacherCheckWish } from '../../../schemas/teacher-check.ts';
import { apiKeyOf, isSendable } from '../api-key.ts';
import { checkTeacher } from './check-teacher.ts';
import type { SettingNames } from './settings-names.ts';

/** A teacher, its name, and the mode in which it is asked. */
export interface TeacherInMode {
  name: string;
  teacher: Teacher;
  mode: Mode;
}

export interface CheckTeachersOptions {
  /** The value of a key's variable. */
  key: (variable: string) => string | undefined;
  names: (teacher: string) => SettingNames;
  signal: AbortSignal;
  /** Gets a line for each teacher that is asked. */
  tell?: (line: string) => void;
}

/** The teachers of a campaign in the modes that they produce. */
export function teachersOf({ modes, teachers }: Pick<Campaign, 'modes' | 'teachers'>): TeacherInMode[] {
  return Mode.options.flatMap((mode) => {
    const name = modes[mode];
    const teacher = name === undefined ? undefined : teachers[name];
    return name === undefined || teacher === undefined ? [] : [{ name, teacher, mode }];
  });
}

/** Asks all of them at the same time. What is wrong with one is in its result; throws nothing but the signal's reason. */
export async function checkTeachers(asked: readonly TeacherInMode[], options: CheckTeachersOptions): Promise<TeacherCheck[]> {
  return await Promise.all(asked.map((one) => check(one, options)));
}

async function check({ name, teacher, mode }: TeacherInMode, { key, names, signal, tell }: CheckTeachersOptions): Promise<TeacherCheck> {
  const setting = names(name);
  const variable = teacher.api_key_env;
  const apiKey = variable === undefined ? null : apiKeyOf(key(variable));
  if (variable !== undefined && (apiKey === null || !isSendable(apiKey))) {
    const what =
      apiKey === null ? `there is no key in ${variable}` : `what is in ${variable} is no key: it has blanks, line breaks or other letters`;
    const problem = {
      code: apiKey === null ? 'endpoint_key_missing' : 'endpoint_key_refused',
      message: `${teacher.base_url} (${teacher.model}, mode ${mode}): ${what}`,
      hint: `put the key into ${variable}${setting.afterKey}`,
    };
    return { teacher: name, model: teacher.model, mode, passed: [], unchecked: [], reasoning_form: null, problem, ...nothingSpent };
  }
  tell?.(`asking teacher ${name} (${teacher.model}) in mode ${mode}`);
  const { problem, ...found } = await checkTeacher(mode, teacher, { apiKey, names: setting, signal });
  return {
    teacher: name,
    ...found,
    problem: problem === null ? null : { code: problem.code, message: problem.message, hint: problem.hint ?? '' },
  };
}

const nothingSpent = { requests: 0, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 };

/** Codes for a teacher that cannot be asked now: it may be set up well, and a campaign waits for it. */
const outages = new Set(['endpoint_unreachable', 'endpoint_key_missing', 'endpoint_key_refused', 'endpoint_quota']);

/** Throws the first `Problem` of these checks that keeps a campaign from being started; it names the others. */
export function refuseFaulty(checks: readonly TeacherCheck[], wish: TeacherCheckWish): void {
  const faulty = checks.flatMap(({ teacher, mode, problem }) => {
    const counts = problem !== null && (wish === 'always' || !outages.has(problem.code));
    return counts ? [{ teacher, mode, problem }] : [];
  });
  const [first, ...others] = faulty;
  if (first === undefined) return;
  const more = others.map(({ teacher, mode, problem }) => `; teacher ${teacher} in mode ${mode}: ${problem.code}`).join('');
  throw new Problem(first.problem.code, `teacher ${first.teacher}: ${first.problem.message}${more}`, {
    hint: `${first.problem.hint}; or leave this check out: tracemill campaign start --no-check`,
    final: true,
  });
}
