import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { z } from 'zod';

/** A real row of SWE-rebench-V2, its patches and lists cut short. */
export const realRow = z
  .array(z.record(z.string(), z.unknown()))
  .length(1)
  .transform(([row]) => row ?? {})
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', 'swe-rebench-v2-row.json'), 'utf8')));

/** The real row with another identity. */
export function rowLike(number: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const repo = `Owner${number % 50}/name`;
  return {
    ...realRow,
    instance_id: `owner${number % 50}__name-${number}`,
    repo,
    base_commit: number.toString(16).padStart(40, '0'),
    license: 'MIT',
    ...changes,
  };
}

const leaf = (name: string, type: SchemaElement['type'] = 'BYTE_ARRAY'): SchemaElement[] => [
  { name, type: type ?? 'BYTE_ARRAY', repetition_type: 'OPTIONAL', ...(type === 'BYTE_ARRAY' && { converted_type: 'UTF8' }) },
];
const group = (name: string, ...children: SchemaElement[][]): SchemaElement[] => [
  { name, repetition_type: 'OPTIONAL', num_children: children.length },
  ...children.flat(),
];
const list = (name: string, item: SchemaElement[]): SchemaElement[] => [
  { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ...item,
];
const strings = (name: string) => list(name, leaf('element'));

const llmMetadata = group(
  'element',
  leaf('code'),
  leaf('confidence', 'DOUBLE'),
  group('detected_issues', ...['B1', 'B2', 'B3', 'B4', 'B5', 'B6'].map((name) => leaf(name, 'BOOLEAN'))),
  leaf('difficulty'),
  strings('external_urls'),
  leaf('intent_completeness'),
  strings('pr_categories'),
  leaf('reasoning'),
  strings('test_alignment_issues'),
);

const columns: [string, SchemaElement[]][] = [
  ...[
    'base_commit',
    'instance_id',
    'patch',
    'pr_description',
    'problem_statement',
    'repo',
    'test_patch',
    'language',
    'interface',
    'license',
    'image_name',
  ].map((name): [string, SchemaElement[]] => [name, leaf(name)]),
  ['created_at', leaf('created_at', 'INT64')],
  ['PASS_TO_PASS', strings('PASS_TO_PASS')],
  ['FAIL_TO_PASS', strings('FAIL_TO_PASS')],
  [
    'install_config',
    group(
      'install_config',
      leaf('base_image_name'),
      leaf('docker_specs'),
      strings('install'),
      leaf('log_parser'),
      leaf('log_parsers'),
      strings('test_cmd'),
    ),
  ],
  [
    'meta',
    group(
      'meta',
      list('llm_metadata', llmMetadata),
      leaf('num_modified_files', 'INT64'),
      leaf('num_modified_lines', 'INT64'),
      leaf('pr_author'),
      strings('pr_labels'),
      leaf('pr_url'),
    ),
  ],
];

/** The footer's schema of a file with the columns of SWE-rebench-V2 as structs. */
export const corpusSchema: SchemaElement[] = [
  { name: 'schema', num_children: columns.length },
  ...columns.flatMap(([, elements]) => elements),
];

/** The columns of {@link corpusSchema} out of rows; 64-bit integers as Parquet wants them. */
export function columnData(rows: Record<string, unknown>[]): { name: string; data: unknown[] }[] {
  return columns.map(([name]) => ({ name, data: rows.map((row) => withBigInts(row[name] ?? null, name)) }));
}

function withBigInts(value: unknown, name: string): unknown {
  if (name === 'created_at') return typeof value === 'number' ? BigInt(value) : value;
  if (name !== 'meta' || typeof value !== 'object' || value === null) return value;
  const counts = Object.entries(value).map(([key, inner]) => [
    key,
    key.startsWith('num_') && typeof inner === 'number' ? BigInt(inner) : inner,
  ]);
  return Object.fromEntries(counts);
}

/** A whole Parquet file in memory. */
export function parquetOf(
  rows: Record<string, unknown>[],
  options: { rowGroupSize?: number; pageSize?: number; codec?: 'SNAPPY' | 'UNCOMPRESSED' } = {},
): Buffer {
  return Buffer.from(parquetWriteBuffer({ columnData: columnData(rows), schema: corpusSchema, ...options }));
}

/** Everything that a reader yields. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
