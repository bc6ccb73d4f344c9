import type { DatasetRow, RowForm } from '../../../schemas/dataset-row.ts';
import { bool, type Column, int32, list, string, struct } from '../../tables/columns.ts';

const patch = (name: string) => struct(name, string('patch'), int32('num_modified_files'), int32('num_modified_lines'));
const toolCall = struct('element', string('type'), struct('function', string('name'), string('arguments')));
const message = struct('element', string('role'), string('content'), string('reasoning_content'), list('tool_calls', toolCall));

/**
 * In the order of the file: what rows are found by comes first and lies together in a row group, the transcript comes last. A reader
 * that lists rows fetches a few kilobytes a group.
 */
export const columnsOf = (form: RowForm): Column[] => [
  string('instance_id'),
  string('repo'),
  string('license'),
  string('language'),
  string('trajectory_id'),
  int32('resolved'),
  string('hf_dataset_name'),
  struct(
    'metadata',
    string('category'),
    patch('reference_patch'),
    patch('model_patch'),
    struct('teacher_model', string('name'), bool('enable_thinking'), string('reasoning_effort')),
    bool('git_hack_attempted'),
  ),
  list('tools', string('element')),
  list(form, message),
];

/** Names of the columns as {@link DatasetRow} has them, in the order of the file. */
export const rowFields = [
  'instance_id',
  'repo',
  'license',
  'language',
  'trajectory_id',
  'resolved',
  'hf_dataset_name',
  'metadata',
  'tools',
  'trajectory',
] as const satisfies (keyof DatasetRow)[];

/** Columns that rows are found by: each value is short, so bounds of a page are worth having. */
export const narrowFields: ReadonlySet<string> = new Set(rowFields.slice(0, 7));

/** Columns and fields whose texts differ from row to row: a dictionary of them would be as large as they are. */
export const wideLeaves: ReadonlySet<string> = new Set([
  'instance_id',
  'trajectory_id',
  'patch',
  'content',
  'reasoning_content',
  'arguments',
]);

/** What a column of a file in this form is called for a field of a row. */
export function columnName(field: (typeof rowFields)[number], form: RowForm): string {
  return field === 'trajectory' ? form : field;
}

/** Name and type of each column in Arrow's words, for manifest and card. */
export function describeColumns(form: RowForm = 'trajectory'): { name: string; type: string }[] {
  return columnsOf(form).map((column) => ({ name: column.name, type: typeName(column) }));
}

function typeName(column: Column): string {
  if (column.type === 'struct') return `struct<${column.fields.map((field) => `${field.name}: ${typeName(field)}`).join(', ')}>`;
  if (column.type === 'list') return `list<${typeName(column.item)}>`;
  return column.type;
}
