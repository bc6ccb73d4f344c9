import { pythonLiteral } from '../syntax/python-literal.ts';
import { isRecord } from '../../schemas/is-record.ts';

/** Reading JSON that nobody has checked: each function gives the value where it has the wanted type. */

export type Fields = Record<string, unknown>;

/** An object's fields; none for anything else. */
export function fieldsOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that is not empty. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A number; Parquet gives 64-bit integers as bigint. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A name, also one that is a number. */
export function nameOf(value: unknown): string | null {
  const number = numberOf(value);
  return number === null ? textOf(value) : String(number);
}

/** A patch as a text, or as the `patch` of an object; it may be empty. */
export function patchText(value: unknown): string | null {
  const patch = at(value, 'patch') ?? value;
  return typeof patch === 'string' ? patch : null;
}

/** What lies below a chain of keys. */
export function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((inner, key) => fieldsOf(inner)[key], value);
}

/** The first of several keys that holds anything. */
export function firstOf(fields: Fields, keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = fields[key];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The first of several keys that holds a text. */
export function firstText(fields: Fields, keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = textOf(fields[key]);
    if (text !== null) return text;
  }
  return null;
}

/** An object or list, also one that was written as text: as JSON, or as Python prints it. */
export function unfolded(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return pythonLiteral(value, { arrays: false }) ?? value;
  }
}
