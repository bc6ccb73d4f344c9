import type { ExclusionList } from '../exclusion-list.ts';
import { drop, keep, type SourceRule } from '../source-rule.ts';

/** Drops tasks of evaluation benchmarks: by id, or by repository and base commit. */
export const evaluationTask: SourceRule<readonly ExclusionList[]> = {
  id: 'evaluation_task',
  version: 1,
  start(lists) {
    return ({ instance_id, repo, base_commit }) => {
      for (const { name, ids, states } of lists) {
        if (ids.has(instance_id.toLowerCase())) return drop(`in ${name}`, `${instance_id} is a task of ${name}`);
        if (states.has(`${repo.toLowerCase()} ${base_commit}`))
          return drop(`in ${name}`, `${repo} at ${base_commit} is the start of a task of ${name}`);
      }
      return keep;
    };
  },
};
