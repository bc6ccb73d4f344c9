import { dynamicText } from '../extraction/shell-syntax.ts';
import { type Role, roleOf } from './file-role.ts';

/** What files are to the judgement of one task's result, and which of them are thrown away. */
export interface TaskRoles {
  roleOf: (path: string) => Role;
  scratch: (path: string) => boolean;
}

/** The roles of files where `prompt` says where the repository lies: that may be among temporary files. Each path is sorted once. */
export function taskRoles(prompt: string): TaskRoles {
  const given = [...new Set([...prompt.matchAll(/(?:\/var)?\/tmp\/[\w.-]+/g)].map(([path]) => path))];
  const scratch = (path: string) =>
    path.startsWith(dynamicText) ||
    (/^(?:\/private)?(?:\/var\/tmp|\/tmp|\/dev\/shm)(?:\/|$)/.test(path) &&
      !given.some((root) => path === root || path.startsWith(`${root}/`)));
  const roles = new Map<string, Role>();
  return {
    scratch,
    roleOf: (path) => {
      const known = roles.get(path);
      if (known !== undefined) return known;
      const role = roleOf(path, scratch);
      roles.set(path, role);
      return role;
    },
  };
}
