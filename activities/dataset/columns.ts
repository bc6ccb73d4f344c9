import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { bool, type Column, int32, list, string, struct } from '../tables/columns.ts';

const patch = (name: string) => struct(name, string('patch'), int32('num_modified_files'), int32('num_modified_lines'));
const toolCall = struct('element', string('type'), struct('function', string('name'), string('arguments')));
const message = struct('element', string('role'), string('content'), string('reasoning_content'), list('tool_calls', toolCall));

/** In the order of the file. */
export const columns: Column[] = [
  string('instance_id'),
  string('repo'),
  string('license'),
  string('language'),
  string('trajectory_id'),
  list('trajectory', message),
  list('tools', string('element')),
  int32('resolved'),
  struct(
    'metadata',
    string('category'),
    patch('reference_patch'),
    patch('model_patch'),
    struct('teacher_model', string('name'), bool('enable_thinking'), string('reasoning_effort')),
    bool('git_hack_attempted'),
  ),
  string('hf_dataset_name'),
];

/** Their names, as {@link DatasetRow} has them. */
export const columnNames = [
  'instance_id',
  'repo',
  'license',
  'language',
  'trajectory_id',
  'trajectory',
  'tools',
  'resolved',
  'metadata',
  'hf_dataset_name',
] as const satisfies (keyof DatasetRow)[];

/** Name and type of each column in Arrow's words, for manifest and card. */
export function describeColumns(): { name: string; type: string }[] {
  return columns.map((column) => ({ name: column.name, type: typeName(column) }));
}

function typeName(column: Column): string {
  if (column.type === 'struct') return `struct<${column.fields.map((field) => `${field.name}: ${typeName(field)}`).join(', ')}>`;
  if (column.type === 'list') return `list<${typeName(column.item)}>`;
  return column.type;
}
