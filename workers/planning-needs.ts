import { checkMode } from '../activities/model/thinking.ts';
import type { PlanningNeeds } from '../activities/planning/index.ts';
import { harnesses } from '../activities/rollout/index.ts';
import { selectTasks, startSourceRules } from '../activities/source/index.ts';
import { parserNames } from '../activities/verification/index.ts';

/** What planning needs of the stages behind it. */
export const planningNeeds: PlanningNeeds = {
  harnesses,
  checkMode,
  readTasks({ tasks, source }) {
    const parsers = new Set(parserNames());
    return selectTasks(tasks, source === undefined ? [] : startSourceRules(source, (name) => parsers.has(name)));
  },
};
