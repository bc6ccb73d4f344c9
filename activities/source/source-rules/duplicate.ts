import { createHash } from 'node:crypto';
import { drop, keep, type SourceRule } from '../source-rule.ts';

/** Keeps the first of rows that are the same task, also where releases or mirrors give it another id. */
export const duplicate: SourceRule<boolean> = {
  id: 'duplicate',
  version: 1,
  start(enabled) {
    const ids = new Set<string>();
    const contents = new Set<string>();
    return ({ instance_id, repo, base_commit, patch }) => {
      if (!enabled) return keep;
      const id = instance_id.toLowerCase();
      const content = createHash('sha256').update(`${repo.toLowerCase()}\n${base_commit}\n${patch}`).digest('base64');
      if (ids.has(id)) return drop('same id', `${instance_id} was read before`);
      if (contents.has(content)) return drop('same change', `the same change of ${repo} was read before under another id`);
      ids.add(id);
      contents.add(content);
      return keep;
    };
  },
};
