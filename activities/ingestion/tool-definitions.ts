import type { ToolDefinition } from '../../schemas/message.ts';
import { at, type Fields, fieldsOf, listOf, textOf, unfolded } from './loose-values.ts';
import { isRecord } from '../../schemas/is-record.ts';
import type { Oddities } from './oddities.ts';

/** A list of tools as files hold it: definitions as objects or JSON strings, or the whole list as one string. */
export function readTools(value: unknown, oddities: Oddities): ToolDefinition[] {
  return listOf(unfolded(value)).flatMap((item) => {
    const tool = readTool(unfolded(item));
    if (tool === null) oddities.note('tool definitions without a name are left out');
    return tool ?? [];
  });
}

function readTool(value: unknown): ToolDefinition | null {
  const described = at(value, 'function') ?? value;
  const name = textOf(at(described, 'name')) ?? textOf(at(described, 'title'));
  if (name === null) return null;
  const parameters = unfolded(at(described, 'parameters') ?? at(described, 'input_schema'));
  return {
    type: 'function',
    function: { name, description: textOf(at(described, 'description')) ?? '', parameters: withoutNulls(fieldsOf(parameters)) },
  };
}

/** Parquet joins the fields of all tools and fills the gaps with null; no JSON Schema keyword means that. */
function withoutNulls(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, isRecord(value) ? withoutNulls(value) : value]),
  );
}
