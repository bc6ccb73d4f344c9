import { badRow } from './bad-row.ts';
import type { RowOptions } from '../tables/rows.ts';
import { readCandidates, type TaskReading } from './read-tasks.ts';
import { toTask } from './candidate.ts';
import type { StartedSourceRule } from './source-rules.ts';

/**
 * The tasks of the inputs that every rule keeps. A row that a rule drops comes as a bad row does, with the
 * rules that drop it and their reasons, so that nothing is left out silently.
 */
export async function* selectTasks(
  inputs: readonly string[],
  rules: readonly StartedSourceRule[],
  options: RowOptions = {},
): AsyncGenerator<TaskReading> {
  for (const input of inputs) {
    for await (const reading of readCandidates(input, options)) {
      if (!reading.ok) {
        yield reading;
        continue;
      }
      const { candidate } = reading;
      const place = `${reading.place} (${candidate.instance_id})`;
      const dropped = rules.flatMap(({ id, check }) => {
        const outcome = check(candidate);
        return outcome.keep ? [] : [`dropped by ${id}: ${outcome.reason}`];
      });
      const task = toTask(candidate);
      if (dropped.length > 0) yield badRow('dropped_by_rule', place, dropped);
      else if (task.ok) yield { ok: true, task: task.task, place: reading.place };
      else yield badRow('bad_row', place, task.problems);
    }
  }
}
