import { pythonFloat } from './python-float.ts';

/** A JSON value as the `tojson` of chat templates writes it, that is Python's `json.dumps(value, ensure_ascii=False)`. */
export function pythonJson(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 1e21 ? String(value) : pythonFloat(value);
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}: ${pythonJson(member)}`).join(', ')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
