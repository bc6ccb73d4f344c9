import { checkMode } from '../activities/model/thinking.ts';
import type { PlanningNeeds } from '../activities/planning/planning-needs.ts';
import { harnesses } from '../activities/rollout/harnesses/registry.ts';
import { startSourceRules } from '../activities/source/source-rules.ts';
import { selectTasks } from '../activities/source/select-tasks.ts';
import { parserNames } from '../activities/verification/parse-log.ts';

/** What planning needs of the stages behind it. */
export const planningNeeds: PlanningNeeds = {
  harnesses,
  checkMode,
  readTasks({ tasks, source }) {
    const parsers = new Set(parserNames());
    return selectTasks(tasks, source === undefined ? [] : startSourceRules(source, (name) => parsers.has(name)));
  },
};
