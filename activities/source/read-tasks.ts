import { parse as parseYaml } from 'yaml';
import { messageOf, Problem } from '../../schemas/problem.ts';
import type { Task } from '../../schemas/task.ts';
import { type BadRow, badRow, unreadable } from './bad-row.ts';
import { type ByteSource, openSource } from '../tables/byte-source.ts';
import { type Candidate, toCandidate, toTask } from './candidate.ts';
import { filesOf } from './inputs.ts';
import { jsonLines, jsonListItems } from '../tables/json-rows.ts';
import { parquetRows } from '../tables/parquet-rows.ts';

export type CandidateReading = { ok: true; candidate: Candidate; place: string } | BadRow;
export type TaskReading = { ok: true; task: Task; place: string } | BadRow;

export interface ReadOptions {
  /** Columns and fields of a Parquet file that need not be read, by path: `interface`, `meta.pr_labels`. */
  without?: readonly string[];
}

/**
 * The tasks of a Parquet, JSONL, JSON or YAML file, of every such file in a folder, or of one behind an
 * `http(s)://` address, recognised by content. Memory does not grow with the input. What cannot be read is
 * reported in its place, down to the field, and skipped; nothing throws.
 */
export async function* readTasks(input: string, options: ReadOptions = {}): AsyncGenerator<TaskReading> {
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
export async function* readCandidates(input: string, options: ReadOptions = {}): AsyncGenerator<CandidateReading> {
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

async function* candidatesOfFile(file: string, options: ReadOptions): AsyncGenerator<CandidateReading> {
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

/** A row's values, or the reason why there are none. */
type RawRow = { value: { ok: true; row: unknown } | { ok: false; problem: string }; place: string };

function readRow(value: RawRow['value'], place: string): CandidateReading {
  if (!value.ok) return badRow('not_json', place, [value.problem]);
  if (typeof value.row !== 'object' || value.row === null || Array.isArray(value.row))
    return badRow('bad_row', place, ['row: not an object']);
  const read = toCandidate({ ...value.row });
  if (read.ok) return { ok: true, candidate: read.candidate, place };
  const id = 'instance_id' in value.row && typeof value.row.instance_id === 'string' ? ` (${value.row.instance_id})` : '';
  return badRow('bad_row', `${place}${id}`, read.problems);
}

async function* readRows(file: string, options: ReadOptions): AsyncGenerator<RawRow> {
  const source = await openSource(file);
  try {
    const kind = await kindOf(source);
    if (kind === 'parquet') yield* rowsOfParquet(source, options);
    else if (kind === 'jsonl') yield* rowsOfJson(source, jsonLines(source));
    else if (kind === 'json-list') yield* rowsOfJson(source, jsonListItems(source));
    else yield* rowsOfDocument(source);
  } finally {
    await source.close();
  }
}

async function* rowsOfParquet(source: ByteSource, { without = [] }: ReadOptions): AsyncGenerator<RawRow> {
  let number = 0;
  for await (const row of parquetRows(source, new Set(without))) {
    number += 1;
    yield { value: { ok: true, row }, place: `${source.name} row ${number}` };
  }
}

async function* rowsOfJson(source: ByteSource, texts: AsyncIterable<{ text: string; line: number }>): AsyncGenerator<RawRow> {
  for await (const { text, line } of texts) {
    const place = `${source.name} line ${line}`;
    try {
      yield { value: { ok: true, row: JSON.parse(text) }, place };
    } catch (error) {
      yield { value: { ok: false, problem: `not JSON: ${messageOf(error)}` }, place };
    }
  }
}

/** Bytes that a plain task file may have; it is read as a whole. */
const largestDocument = 64 * 1024 * 1024;

/** A plain task file: one task, or a list of them, in YAML or JSON. */
async function* rowsOfDocument(source: ByteSource): AsyncGenerator<RawRow> {
  if (source.size > largestDocument) {
    throw new Problem('source_unreadable', `${source.name} is larger than a plain task file may be (${largestDocument} bytes)`, {
      hint: 'give large sources as Parquet or JSONL',
    });
  }
  const text = Buffer.from(await source.read(0, source.size)).toString('utf8');
  const document: unknown = parseYaml(text, { maxAliasCount: 100 });
  const rows = Array.isArray(document) ? document : document === null ? [] : [document];
  for (const [index, row] of rows.entries()) yield { value: { ok: true, row }, place: `${source.name} task ${index + 1}` };
}

type Kind = 'parquet' | 'jsonl' | 'json-list' | 'document';

/** By the first bytes; a file of one JSON object over several lines is a document. */
async function kindOf(source: ByteSource): Promise<Kind> {
  const head = Buffer.from(await source.read(0, 4)).toString('latin1');
  if (head === 'PAR1') return 'parquet';
  if (/\.parquet($|[?#])/i.test(source.name)) return 'parquet';
  const text = Buffer.from(await source.read(0, 4096))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (text.startsWith('[') && !/\.ya?ml$/i.test(source.name)) return 'json-list';
  if (/\.(jsonl|ndjson)($|[?#])/i.test(source.name)) return 'jsonl';
  if (!text.startsWith('{')) return 'document';
  return /^\{\s*\n/.test(text) ? 'document' : 'jsonl';
}
