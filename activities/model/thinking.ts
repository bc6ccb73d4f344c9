import type { Teacher } from '../../schemas/campaign.ts';
import type { Mode } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';

/** Throws `Problem` mode_unsupported when the teacher's profile rules the mode out. */
export function checkMode(name: string, teacher: Teacher, mode: Mode): void {
  const { control } = teacher.thinking;
  if (!((control === 'always' && mode === 'no_think') || (control === 'never' && mode === 'think'))) return;
  throw new Problem(
    'mode_unsupported',
    `teacher ${name} (${teacher.model}) cannot produce mode ${mode}: its profile says thinking.control ${control}`,
    {
      hint: `give mode ${mode} to another teacher or leave the mode out`,
    },
  );
}
