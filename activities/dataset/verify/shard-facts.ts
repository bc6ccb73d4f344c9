import { parquetMetadataAsync, parquetSchema as schemaTree } from 'hyparquet';
import { DatasetRow, type RowForm } from '../../../schemas/dataset-row.ts';
import type { Damage } from '../../../schemas/release-check.ts';
import { messageOf } from '../../../schemas/problem.ts';
import { openSource } from '../../tables/byte-source.ts';
import { parquetRows } from '../../tables/parquet-rows.ts';
import { replacedFields } from '../../tables/utf8.ts';
import { narrowFields } from '../shards/columns.ts';
import { rowHash } from '../shards/content-hash.ts';
import { parquetSchema } from '../shards/parquet-columns.ts';
import { fileFacts } from '../shards/file-facts.ts';
import { isRecord } from '../../../schemas/is-record.ts';

import type { RowValues } from './ledger-rows.ts';

/** What a check keeps of a row: enough to hold it against the ledger. */
interface RowFacts extends RowValues {
  row: number;
  id: string;
  sha256: string;
}

interface ShardFacts {
  rows: RowFacts[];
  /** Rows that were there, whole or not. */
  count: number;
  damage: Pick<Damage, 'code' | 'row' | 'message'>[];
}

export interface ShardResult extends ShardFacts {
  number: number;
  done: true;
  /** Of the whole file; null where it could not be read. */
  file: { sha256: string; size_bytes: number } | null;
}

/** A shard's bytes and rows. */
export async function readWholeShard(number: number, path: string, form: RowForm): Promise<ShardResult> {
  const file = await fileFacts(path).catch(() => null);
  const facts = file === null ? { rows: [], count: 0, damage: [] } : await readShardFacts(path, form);
  return { number, done: true, file, ...facts };
}

/** Few: the longest rows are megabytes each. */
const rowsAtOnce = 8;

/** Reads every row of a shard, by a reader apart from the writer and from the one of the build. Throws nothing: what is wrong is told. */
async function readShardFacts(path: string, form: RowForm): Promise<ShardFacts> {
  const facts: ShardFacts = { rows: [], count: 0, damage: [] };
  const found = (code: Damage['code'], message: string, row: number | null = null) => facts.damage.push({ code, row, message });
  try {
    const source = await openSource(path);
    try {
      const slice = async (start: number, end = source.size) => (await source.read(start, end)).buffer;
      const metadata = await parquetMetadataAsync({ byteLength: source.size, slice });
      const columns = (schema: typeof metadata.schema) =>
        JSON.stringify(schema.map(({ name, type, num_children, repetition_type }) => [name, type, num_children, repetition_type]));
      if (columns(metadata.schema) !== columns(parquetSchema(form))) {
        found(
          'wrong_schema',
          `its columns are ${schemaTree(metadata)
            .children.map(({ element }) => element.name)
            .join(', ')}, or have other types than a release`,
        );
        return facts;
      }
      if (metadata.num_rows === 0n) found('wrong_number', 'it has no rows');
      const values = new Bounds();
      if (metadata.row_groups.some(({ num_rows }) => typeof num_rows !== 'bigint')) {
        found('unreadable_file', 'its footer is broken: a row group has no count of rows');
        return facts;
      }
      const groups = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
      const texts = { notUtf8: 0 };
      for (const [group, rows] of groups.entries()) {
        const before = facts.count;
        values.begin();
        for await (const raw of parquetRows(source, new Set(), { groups: { from: group, to: group + 1 }, rowsAtOnce, texts })) {
          facts.count += 1;
          addRow(raw, facts, form, texts);
          values.add(raw);
        }
        if (facts.count - before !== rows)
          found('wrong_number', `row group ${group} has ${facts.count - before} rows, its footer says ${rows}`);
        for (const message of values.compare(metadata.row_groups[group]?.columns ?? []))
          found('wrong_statistics', `row group ${group}: ${message}`);
      }
      if (BigInt(facts.count) !== metadata.num_rows)
        found('wrong_number', `it has ${facts.count} rows, its footer says ${metadata.num_rows}`);
    } finally {
      await source.close();
    }
  } catch (error) {
    const started = facts.count > 0 ? `, after row ${facts.count}` : '';
    found(
      facts.count > 0 ? 'unreadable_row' : 'unreadable_file',
      `it cannot be read${started}: ${messageOf(error)}`,
      facts.count > 0 ? facts.count + 1 : null,
    );
  }
  return facts;
}

function addRow(raw: Record<string, unknown>, facts: ShardFacts, form: RowForm, texts: { notUtf8: number }): void {
  const row = facts.count;
  // Counted ahead of the row, so each row is looked at once one of them is bad.
  if (texts.notUtf8 > 0) {
    const bad = replacedFields(raw);
    if (bad.length > 0)
      facts.damage.push({ code: 'not_utf8', row, message: `${bad.slice(0, 5).join(', ')}: not UTF-8, or U+FFFD beside such text` });
  }
  const read = DatasetRow.safeParse({ ...raw, trajectory: withNulls(raw[form]) });
  if (!read.success) {
    const [issue] = read.error.issues;
    facts.damage.push({
      code: 'unreadable_row',
      row,
      message: `${issue?.path.join('.') ?? 'row'}: ${issue?.message ?? 'has another shape'}`,
    });
    return;
  }
  const { metadata, ...values } = read.data;
  for (const [index, tool] of values.tools.entries()) {
    if (!isJsonObject(tool)) facts.damage.push({ code: 'unreadable_row', row, message: `tools.${index}: not JSON of an object` });
  }
  facts.rows.push({
    row,
    id: values.trajectory_id,
    sha256: rowHash(read.data),
    instance_id: values.instance_id,
    repo: values.repo,
    license: values.license,
    language: values.language,
    resolved: values.resolved,
    hf_dataset_name: values.hf_dataset_name,
    model: metadata.teacher_model.name,
    thinks: metadata.teacher_model.enable_thinking,
    git_hack_attempted: metadata.git_hack_attempted,
  });
}

/** Lists that are null come as nothing from this reader. */
function withNulls(messages: unknown): unknown {
  if (!Array.isArray(messages)) return messages;
  return messages.map((message: unknown) =>
    typeof message === 'object' && message !== null ? { tool_calls: null, ...definedOf(message) } : message,
  );
}

function definedOf(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function isJsonObject(text: string): boolean {
  try {
    return isRecord(JSON.parse(text));
  } catch {
    return false;
  }
}

type Chunk = Awaited<ReturnType<typeof parquetMetadataAsync>>['row_groups'][number]['columns'][number];

/** Least and greatest value and nulls of each short column of a row group, made anew. */
class Bounds {
  #of = new Map<string, { low: string | number; high: string | number }>();

  begin(): void {
    this.#of = new Map();
  }

  add(row: Record<string, unknown>): void {
    for (const name of narrowFields) {
      const value = row[name];
      if (typeof value !== 'string' && typeof value !== 'number') continue;
      const known = this.#of.get(name) ?? { low: value, high: value };
      this.#of.set(name, { low: less(value, known.low) ? value : known.low, high: less(known.high, value) ? value : known.high });
    }
  }

  compare(chunks: readonly Chunk[]): string[] {
    return chunks.flatMap(({ meta_data }) => {
      const name = meta_data?.path_in_schema[0] ?? '';
      const [said, own] = [meta_data?.statistics, this.#of.get(name)];
      if (said === undefined || own === undefined || !narrowFields.has(name)) return [];
      // Long bounds are cut: the least one down, the greatest one up.
      const [low, high] = [said.min_value, said.max_value];
      const holds =
        typeof own.low === 'number'
          ? low === own.low && high === own.high
          : within(String(low), String(own.low), String(own.high), String(high));
      return holds ? [] : [`${name} goes from ${own.low} to ${own.high}, its statistics say ${String(low)} to ${String(high)}`];
    });
  }
}

const longestBound = 16;

function within(low: string, least: string, greatest: string, high: string): boolean {
  const exact = (bound: string, value: string) => bound === value || Buffer.byteLength(value) > longestBound;
  return exact(low, least) && exact(high, greatest) && !less(least, low) && !less(high, greatest);
}

/** In the order of bytes, as Parquet compares. */
function less(a: string | number, b: string | number): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b))) < 0;
}
