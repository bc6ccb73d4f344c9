import type { TeacherCheck } from '../schemas/teacher-check.ts';

/** A check in one line; what is wrong is on two more. */
export function checkLine({ teacher, mode, passed, unchecked, problem, reasoning_form, ...spent }: TeacherCheck): string {
  const found = passed.length === 0 ? 'nothing passed' : passed.join(', ');
  const form = reasoning_form === null ? '' : ` (reasoning came as ${reasoning_form})`;
  const untold = unchecked.length === 0 ? '' : `; not checked: ${unchecked.join('; ')}`;
  const wrong = problem === null ? [] : [`  ${problem.code}: ${problem.message}`, `  → ${problem.hint}`];
  return [`teacher ${teacher}, ${mode}: ${found}${form}${untold}; ${costText(spent)}`, ...wrong].join('\n');
}

/** What checks cost. A profile without prices gives no dollars. */
export function costText({
  requests,
  prompt_tokens,
  completion_tokens,
  cost_usd,
}: Pick<TeacherCheck, 'requests' | 'prompt_tokens' | 'completion_tokens' | 'cost_usd'>): string {
  const dollars = cost_usd > 0 ? `, $${cost_usd.toFixed(4)}` : '';
  return `${requests} ${requests === 1 ? 'request' : 'requests'}, ${prompt_tokens} + ${completion_tokens} tokens${dollars}`;
}
