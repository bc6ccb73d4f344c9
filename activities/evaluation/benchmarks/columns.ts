import type { z } from 'zod';
import { Task } from '../../../schemas/task.ts';

/** A row by the columns of its benchmark, or what is wrong with it, a line a field. An empty column is the same as none. */
export function readColumns<T extends z.ZodObject>(
  shape: T,
  row: Readonly<Record<string, unknown>>,
): { ok: true; columns: z.infer<T> } | { ok: false; problems: string[] } {
  const given = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined));
  const parsed = shape.safeParse(given);
  return parsed.success ? { ok: true, columns: parsed.data } : { ok: false, problems: problemsOf(parsed.error, given) };
}

/** The task, or what is wrong with the row that it was made from. */
export function readTask(task: z.input<typeof Task>): { ok: true; task: Task } | { ok: false; problems: string[] } {
  const parsed = Task.safeParse(task);
  return parsed.success ? { ok: true, task: parsed.data } : { ok: false, problems: problemsOf(parsed.error, task) };
}

function problemsOf(error: z.ZodError, row: Readonly<Record<string, unknown>>): string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${key}: not a column of this benchmark`);
    const field = issue.path.join('.') || 'row';
    const missing = issue.path.length === 1 && !(field in row);
    return [missing ? `${field}: the column is missing or empty` : `${field}: ${issue.message}`];
  });
}

/** The names of a row's columns. */
export function columnNames(shape: z.ZodObject): string[] {
  return Object.keys(shape.shape);
}
