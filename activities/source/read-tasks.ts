import type { Task } from '../../schemas/task.ts';
import { type BadRow, badRow, unreadable } from './bad-row.ts';
import { type Candidate, toCandidate, toTask } from './candidate.ts';
import { filesOf } from '../tables/inputs.ts';
import { type RawRow, readRows, type RowOptions } from '../tables/rows.ts';

export type CandidateReading = { ok: true; candidate: Candidate; place: string } | BadRow;
export type TaskReading = { ok: true; task: Task; place: string } | BadRow;

/**
 * The tasks of a Parquet, JSONL, JSON or YAML file, of every such file in a folder, or of one behind an
 * `http(s)://` address, recognised by content. Memory does not grow with the input. What cannot be read is
 * reported in its place, down to the field, and skipped; nothing throws.
 */
export async function* readTasks(input: string, options: RowOptions = {}): AsyncGenerator<TaskReading> {
  for await (const reading of readCandidates(input, options)) {
    if (!reading.ok) {
      yield reading;
      continue;
    }
    const { candidate, place } = reading;
    const task = toTask(candidate);
    yield task.ok ? { ok: true, task: task.task, place } : badRow('bad_row', `${place} (${candidate.instance_id})`, task.problems);
  }
}

/** As {@link readTasks}, before it is known whether the rows can be used: see {@link Candidate}. */
export async function* readCandidates(input: string, options: RowOptions = {}): AsyncGenerator<CandidateReading> {
  let files: string[];
  try {
    files = filesOf(input);
  } catch (error) {
    yield unreadable(input, error);
    return;
  }
  if (files.length === 0) yield badRow('source_empty', input, ['the folder holds no file of tasks']);
  for (const file of files) yield* candidatesOfFile(file, options);
}

async function* candidatesOfFile(file: string, options: RowOptions): AsyncGenerator<CandidateReading> {
  let last: string | undefined;
  try {
    for await (const { value, place } of readRows(file, options)) {
      last = place;
      yield readRow(value, place);
    }
    if (last === undefined) yield badRow('source_empty', file, ['the file holds no row']);
  } catch (error) {
    yield unreadable(last === undefined ? file : `${file}, all after ${last.slice(file.length).trimStart()}`, error);
  }
}

function readRow(value: RawRow['value'], place: string): CandidateReading {
  if (!value.ok) return badRow(value.code, place, [value.problem]);
  if (typeof value.row !== 'object' || value.row === null || Array.isArray(value.row))
    return badRow('bad_row', place, ['row: not an object']);
  const read = toCandidate({ ...value.row });
  if (read.ok) return { ok: true, candidate: read.candidate, place };
  const id = 'instance_id' in value.row && typeof value.row.instance_id === 'string' ? ` (${value.row.instance_id})` : '';
  return badRow('bad_row', `${place}${id}`, read.problems);
}
