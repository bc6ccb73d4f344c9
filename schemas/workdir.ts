import type { Task } from './task.ts';

/** Where a task's repository lies in its image: by default `/` and the second half of `repo`, as in SWE-rebench-V2. */
export function workdirOf({ workdir, repo }: Pick<Task, 'workdir' | 'repo'>): string {
  return workdir ?? `/${repo.slice(repo.indexOf('/') + 1)}`;
}
