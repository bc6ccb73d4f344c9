import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  type ColumnChunk,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetSchema,
  type RowGroup,
  type SchemaTree,
} from 'hyparquet';
import { assembleNested } from 'hyparquet/src/assemble.js';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { getTreePath } from 'hyparquet/src/schema.js';
import { messageOf, Problem } from '../../schemas/problem.ts';
import type { ByteSource } from './byte-source.ts';
import { lz4Block, lz4Hadoop } from './lz4.ts';
import { ParquetColumn } from './parquet-column.ts';

/** Rows decoded at a time: bounds memory, whatever the size of the file's row groups. */
const usualRowsAtOnce = 64;

/** Row groups up to this size are fetched by one request. */
const wholeGroupBytes = 24 * 1024 * 1024;

export const compressors: Compressors = {
  ZSTD: (input) => zstdDecompressSync(input),
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
  LZ4_RAW: lz4Block,
  LZ4: lz4Hadoop,
};
const readCodecs = new Set<string>([...Object.keys(compressors), 'UNCOMPRESSED', 'SNAPPY']);

/** A part of a Parquet file. */
export interface ParquetPart {
  /** Numbers of row groups, from 0: from the first one up to, not including, the last one. */
  groups?: { from: number; to: number };
  rowsAtOnce?: number;
  /** Counts up for each text with bytes that are not UTF-8: they are U+FFFD in its row, which is yet to come or is the one at hand. */
  texts?: { notUtf8: number };
}

/**
 * The rows of a Parquet file in order, without the columns and fields that `unread` names by their paths
 * (`meta.reasoning`; list levels do not count). Reads page by page, so that memory does not grow with the row groups. Throws `Problem`
 * source_unreadable for a file that is cut, damaged or written in a way that cannot be read.
 */
export async function* parquetRows(
  source: ByteSource,
  unread: ReadonlySet<string> = new Set(),
  { groups, rowsAtOnce = usualRowsAtOnce, texts }: ParquetPart = {},
): AsyncGenerator<Record<string, unknown>> {
  const metadata = await readMetadata(source);
  const tree = parquetSchema(metadata);
  const columns = pruned(tree, unread).children;
  const parsers = texts === undefined ? DEFAULT_PARSERS : countingParsers(texts);
  for (const group of metadata.row_groups.slice(groups?.from, groups?.to)) {
    const readers = await openColumns(source, group, { tree, columns, parsers });
    let left = Number(group.num_rows);
    while (left > 0) {
      const count = Math.min(left, rowsAtOnce);
      const batch = await readBatch(source, columns, readers, count);
      for (let row = 0; row < count; row += 1) {
        yield Object.fromEntries(columns.map(({ element }, index) => [element.name, batch[index]?.[row] ?? null]));
      }
      left -= count;
    }
  }
}

/** Rows of each row group of a Parquet file. Throws `Problem` source_unreadable. */
export async function parquetGroups(source: ByteSource): Promise<number[]> {
  return (await readMetadata(source)).row_groups.map(({ num_rows }) => Number(num_rows));
}

async function readMetadata(source: ByteSource): Promise<FileMetaData> {
  try {
    const slice = async (start: number, end = source.size) => (await source.read(start, end)).buffer;
    return await parquetMetadataAsync({ byteLength: source.size, slice });
  } catch (error) {
    throw damaged(source, error);
  }
}

/** Names that formats give to the levels between a list and its items. */
const listLevels = new Set(['list', 'element', 'item', 'array', 'bag', 'array_element']);

function pruned(tree: SchemaTree, unread: ReadonlySet<string>): SchemaTree {
  const children = tree.children
    .filter(({ path }) => !unread.has(path.filter((name, depth) => depth === 0 || !listLevels.has(name)).join('.')))
    .map((child) => pruned(child, unread))
    // A struct of which nothing is left is not read at all.
    .filter(({ children: inner, element }) => inner.length > 0 || (element.num_children ?? 0) === 0);
  return { ...tree, children };
}

function leavesOf(tree: SchemaTree): string[] {
  return tree.children.length === 0 ? [tree.path.join('.')] : tree.children.flatMap(leavesOf);
}

type Readers = Map<string, ParquetColumn>;

/** As the usual ones, and counts texts that are not UTF-8. */
function countingParsers(texts: { notUtf8: number }): typeof DEFAULT_PARSERS {
  return {
    ...DEFAULT_PARSERS,
    stringFromBytes(bytes) {
      if (bytes !== undefined && !isUtf8(bytes)) texts.notUtf8 += 1;
      return DEFAULT_PARSERS.stringFromBytes(bytes);
    },
  };
}

interface Wanted {
  tree: SchemaTree;
  columns: SchemaTree[];
  parsers: typeof DEFAULT_PARSERS;
}

async function openColumns(source: ByteSource, group: RowGroup, { tree, columns, parsers }: Wanted): Promise<Readers> {
  const leaves = new Set(columns.flatMap(leavesOf));
  const chunks = group.columns.filter(({ meta_data }) => leaves.has(meta_data?.path_in_schema.join('.') ?? ''));
  const ranges = chunks.map(rangeOf);
  const start = Math.min(...ranges.map((range) => range.start));
  const end = Math.max(...ranges.map((range) => range.end));
  const whole = end - start <= wholeGroupBytes && chunks.length > 0 ? await source.read(start, end) : undefined;
  const read = async (from: number, to: number) => (whole === undefined ? source.read(from, to) : whole.slice(from - start, to - start));
  const readers: Readers = new Map();
  for (const [index, { meta_data }] of chunks.entries()) {
    const range = ranges[index];
    if (meta_data === undefined || range === undefined) continue;
    const schemaPath = getTreePath(tree, meta_data.path_in_schema);
    const element = schemaPath.at(-1)?.element;
    if (element === undefined) continue;
    if (!readCodecs.has(meta_data.codec)) {
      throw new Problem('source_unreadable', `${source.name}: column ${element.name} is packed by ${meta_data.codec}, which is not read`, {
        hint: `write the file with zstd, Snappy, gzip, Brotli or LZ4, or without compression`,
      });
    }
    const decoder = { ...meta_data, pathInSchema: meta_data.path_in_schema, element, schemaPath, parsers, compressors };
    readers.set(meta_data.path_in_schema.join('.'), new ParquetColumn({ read, stride: source.stride, ...range, decoder }));
  }
  return readers;
}

function rangeOf({ meta_data }: ColumnChunk): { start: number; end: number } {
  if (meta_data === undefined) return { start: 0, end: 0 };
  const dictionary = Number(meta_data.dictionary_page_offset ?? 0n);
  const data = Number(meta_data.data_page_offset);
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  return { start, end: start + Number(meta_data.total_compressed_size) };
}

/** The next rows of each top-level column. */
async function readBatch(source: ByteSource, columns: SchemaTree[], readers: Readers, count: number): Promise<ArrayLike<unknown>[]> {
  try {
    const batch: ArrayLike<unknown>[] = [];
    for (const column of columns) {
      const name = column.element.name;
      const leaves = new Map<string, unknown[]>();
      for (const [path, reader] of readers) {
        if (path === name || path.startsWith(`${name}.`)) leaves.set(path, await reader.take(count));
      }
      if (column.children.length > 0) assembleNested(leaves, column, DEFAULT_PARSERS);
      const rows = leaves.get(name);
      if (rows === undefined || rows.length < count) throw new Error(`column ${name} ends early`);
      batch.push(rows);
    }
    return batch;
  } catch (error) {
    throw damaged(source, error);
  }
}

function damaged(source: ByteSource, error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem('source_unreadable', `${source.name} is no Parquet file that can be read: ${messageOf(error)}`, {
    hint: 'the file may be cut short: compare its size with the original',
    cause: error,
  });
}
