import type { Teacher } from '../../schemas/campaign.ts';
import type { Mode } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';

/** Whether the teacher's profile leaves the mode possible. */
export function modeFits({ thinking: { control } }: Teacher, mode: Mode): boolean {
  return !((control === 'always' && mode === 'no_think') || (control === 'never' && mode === 'think'));
}

/** Throws `Problem` mode_unsupported when the teacher's profile rules the mode out. */
export function checkMode(name: string, teacher: Teacher, mode: Mode): void {
  if (modeFits(teacher, mode)) return;
  const { control } = teacher.thinking;
  throw new Problem(
    'mode_unsupported',
    `teacher ${name} (${teacher.model}) cannot produce mode ${mode}: its profile says thinking.control ${control}`,
    {
      hint: `give mode ${mode} to another teacher or leave the mode out`,
    },
  );
}
