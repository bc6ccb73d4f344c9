import { checkMode } from '../activities/model/thinking.ts';
import type { PlanningNeeds } from '../activities/planning/planning-needs.ts';
import { harnesses } from '../activities/rollout/harnesses/registry.ts';
import { startFilters } from '../activities/source/filters.ts';
import { selectTasks } from '../activities/source/select-tasks.ts';
import { parserNames } from '../activities/verification/parse-log.ts';

/** What planning needs of the stages behind it. */
export const planningNeeds: PlanningNeeds = {
  harnesses,
  checkMode,
  readTasks({ tasks, source }) {
    const parsers = new Set(parserNames());
    return selectTasks(tasks, source === undefined ? [] : startFilters(source, (name) => parsers.has(name)));
  },
};
