import { Task } from '../../../schemas/task.ts';
import { parserNames } from '../../verification/index.ts';
import type { Benchmark, RowReading } from './benchmark.ts';
import { columnNames, readColumns } from './columns.ts';

/** Tasks of one's own, in the form that campaigns read. Fields that are not known are kept, as campaigns keep them. */
export const tasks: Benchmark = {
  name: 'tasks',
  title: 'tasks of one’s own',
  instances: null,
  columns: columnNames(Task),
  needsCommands: () => false,
  read(row) {
    const parsed = readColumns(Task, row);
    return parsed.ok ? instanceOfTask(parsed.columns, row) : parsed;
  },
};

/** Such instances have no grader of a benchmark: our verification judges, so that its parser must be there. */
export function instanceOfTask(task: Task, row: Readonly<Record<string, unknown>>): RowReading {
  const parser = task.install_config.log_parser;
  if (!parserNames().includes(parser)) return { ok: false, problems: [`install_config.log_parser: no log parser is called ${parser}`] };
  const { instance_id, repo, language } = task;
  return { ok: true, form: 'none', instance: { instance_id, repo, language, task, no_cross_check: null, row } };
}
