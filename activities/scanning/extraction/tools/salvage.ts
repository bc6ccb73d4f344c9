import { isRecord } from '../../../../schemas/is-record.ts';
import { literalText } from '../literal-text.ts';

const pair = /"((?:[^"\\]|\\.){1,60})"\s*:\s*(?:"((?:[^"\\]|\\[\s\S])*)|(true|false|-?\d[\d.]*)|\[((?:\s*"(?:[^"\\]|\\[\s\S])*"?\s*,?)*))/g;

/**
 * The arguments of a call whose JSON is no object: written twice over, a bare list, or cut off in the middle. What
 * can be told of their names and texts comes back; undefined where not even that can.
 */
export function salvagedArguments(raw: string): Record<string, unknown> | undefined {
  const whole = unwrapped(raw);
  if (isRecord(whole)) return whole;
  if (Array.isArray(whole) && whole.length > 0) return { command: whole };
  if (!/^\s*\{/.test(raw)) return undefined;
  const found: [string, unknown][] = [];
  for (const match of raw.slice(0, 2_000_000).matchAll(pair)) {
    const [, name = '', text, literal, list] = match;
    if (text !== undefined) found.push([name, literalText(text, { bare: true })]);
    else if (literal !== undefined) found.push([name, literal === 'true' ? true : literal === 'false' ? false : Number(literal)]);
    else if (list !== undefined)
      found.push([name, [...list.matchAll(/"((?:[^"\\]|\\[\s\S])*)(?:"|$)/g)].map((item) => literalText(item[1] ?? '', { bare: true }))]);
  }
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Arguments that are one text, perhaps written as JSON. */
export function salvagedText(raw: string): string {
  const whole = unwrapped(raw);
  return typeof whole === 'string' ? whole : raw;
}

function unwrapped(raw: string): unknown {
  let value: unknown = raw;
  for (let layer = 0; layer < 4 && typeof value === 'string'; layer += 1) {
    try {
      const inner: unknown = JSON.parse(value);
      value = inner;
    } catch {
      return value;
    }
  }
  return value;
}
