import { z } from 'zod';
import { Task } from '../../../schemas/task.ts';
import type { Benchmark } from './benchmark.ts';
import { columnNames, readColumns } from './columns.ts';
import { instanceOfTask } from './tasks.ts';

/** Columns of SWE-rebench-V2. */
const RebenchRow = z.strictObject(Task.shape);

export const sweRebench: Benchmark = {
  name: 'swe-rebench',
  title: 'rows in the form of SWE-rebench-V2',
  instances: null,
  columns: columnNames(RebenchRow),
  needsCommands: () => false,
  read(row) {
    const parsed = readColumns(RebenchRow, row);
    return parsed.ok ? instanceOfTask(parsed.columns, row) : parsed;
  },
};
