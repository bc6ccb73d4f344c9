import { parseJson } from '../tables/loose-json.ts';
import { pythonLiteral } from '../syntax/python-literal.ts';

/** How exporters write that there is nothing. */
const nothing = new Set(['', 'nan', 'none', 'null']);

/** A value that stands for none: null, not a number, or a text that says so. */
export function isNothing(value: unknown): boolean {
  return (
    value === null || value === undefined || Number.isNaN(value) || (typeof value === 'string' && nothing.has(value.trim().toLowerCase()))
  );
}

/**
 * A structure that an exporter may have written as text: JSON, JSON within JSON, or what Python prints. Null where there is nothing; the
 * text itself where it is none of these, for the check of the field to report.
 */
export function structured(value: unknown): unknown {
  if (isNothing(value)) return null;
  return typeof value === 'string' ? structureOf(value) : value;
}

function structureOf(text: string): unknown {
  let value: unknown = text;
  // Two times: a text within a text is found, and a text that means itself stays one.
  for (let times = 0; times < 2 && typeof value === 'string'; times += 1) value = parsed(value);
  return typeof value === 'object' ? value : text;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return pythonLiteral(text, { arrays: true });
  }
}

/** A list of texts, or what an exporter made of one: a structure as text, one text for a list of one, nothing for none. */
export function textList(value: unknown): unknown {
  const list = structured(value);
  if (list === null) return null;
  if (typeof list === 'string') return [list];
  return Array.isArray(list) ? list.filter((item) => !isNothing(item)) : list;
}
