import { parse as parseYaml } from 'yaml';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { type ByteSource, openSource } from './byte-source.ts';
import { jsonLines, jsonListItems } from './json-rows.ts';
import { parquetRows } from './parquet-rows.ts';

export interface RowOptions {
  /** Columns and fields of a Parquet file that need not be read, by path: `interface`, `meta.pr_labels`. */
  without?: readonly string[];
}

/** A row's values, or the reason why there are none. */
export type RawRow = { value: { ok: true; row: unknown } | { ok: false; problem: string }; place: string };

/**
 * The rows of a Parquet, JSONL, JSON or YAML file, or of one behind an `http(s)://` address, recognised by content. `place`:
 * file and row, from 1, or line for JSON. Memory does not grow with the file. Throws `Problem` source_not_found, source_unreadable or
 * source_changed, and what parsers throw of a damaged file.
 */
export async function* readRows(file: string, options: RowOptions = {}): AsyncGenerator<RawRow> {
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

async function* rowsOfParquet(source: ByteSource, { without = [] }: RowOptions): AsyncGenerator<RawRow> {
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

/** A row's values as JSON has them: Parquet gives 64-bit integers as bigint and times as dates. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.getTime();
  if (ArrayBuffer.isView(value))
    return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : [...new Uint8Array(value.buffer)];
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}
