import type { LooseCall, LooseLoss } from './loose-message.ts';
import { type Fields, fieldsOf, firstOf, firstText, textOf, unfolded } from './loose-values.ts';
import { isRecord } from '../../schemas/is-record.ts';
import { unknownKeys } from './surroundings.ts';

/** Keys that hold a call inside what names it a call. */
const wrappers = ['function', 'functionCall', 'function_call', 'toolUse', 'tool_use', 'toolCall', 'tool_call', 'toolInvocation'];
const nameKeys = ['name', 'toolName', 'tool_name', 'function_name', 'functionName', 'tool', 'function', 'action', 'recipient_name'];
const argumentKeys = [
  'arguments',
  'args',
  'input',
  'parameters',
  'params',
  'kwargs',
  'tool_input',
  'toolInput',
  'tool_args',
  'action_input',
  'rawInput',
];
const idKeys = ['call_id', 'tool_call_id', 'toolCallId', 'tool_use_id', 'toolUseId', 'callId', 'id'];

const knownKeys = [...wrappers, ...nameKeys, ...argumentKeys, ...idKeys, 'output', 'result', 'results', 'outputs', 'errorText', 'error'];

/** What a place for calls held. */
export interface CallsReading {
  calls: LooseCall[];
  lost: LooseLoss[];
}

/** Calls of a list, of a single object, or of either as text. */
export function readCalls(value: unknown): CallsReading {
  const held = unfolded(value);
  if (held === undefined || held === null || held === '') return { calls: [], lost: [] };
  const calls: LooseCall[] = [];
  const lost: LooseLoss[] = [];
  for (const item of Array.isArray(held) ? held : [held]) {
    const entry = unfolded(item);
    if (entry === null) continue;
    const call = readCall(entry);
    if (call === null) lost.push({ what: 'call', reason: `a call of unknown shape (${shapeOf(entry)})` });
    else calls.push(call);
    if (call?.arguments === '') lost.push(...missingArguments(entry));
  }
  return { calls, lost };
}

/**
 * One call in any shape: name, arguments and id beside each other or the first two in an object of their own, under the names that
 * APIs give them. A name or arguments may be missing, so that a malformed call can still be scanned; null when both are.
 */
export function readCall(value: unknown): LooseCall | null {
  if (!isRecord(value)) return null;
  const inner = insideOf(value);
  const name = firstText(inner, nameKeys) ?? firstText(value, nameKeys);
  const given = firstOf(inner, argumentKeys) ?? firstOf(value, argumentKeys);
  if (name === null && given === undefined) return null;
  return { id: idOf(inner) ?? idOf(value), name: name ?? '', arguments: argumentsText(given) };
}

/** Where a call has no arguments under any known name, but something under another one, that it has. */
export function missingArguments(value: unknown): LooseLoss[] {
  if (!isRecord(value)) return [];
  const inner = insideOf(value);
  const named = firstText(inner, nameKeys) ?? firstText(value, nameKeys);
  if (named === null || firstOf(inner, argumentKeys) !== undefined || firstOf(value, argumentKeys) !== undefined) return [];
  const unknown = [...new Set([...unknownKeys(inner, knownKeys), ...unknownKeys(value, knownKeys)])];
  return unknown.length === 0
    ? []
    : [{ what: 'call', reason: `the arguments of a call of ${named} were not found (keys: ${unknown.join(', ')})` }];
}

/** The id of a call, in the call or in its result. */
export function idOf(fields: Fields): string | null {
  return firstText(fields, idKeys);
}

/** Whether an object has both a name and arguments, under whatever names: no other part of a message has. */
export function looksLikeCall(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const inner = insideOf(value);
  return firstText(inner, nameKeys) !== null && firstOf(inner, argumentKeys) !== undefined;
}

/** Arguments as a string; objects are written as JSON. */
export function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

/** The keys of a value that was not understood, for people. */
export function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  const keys = Object.keys(fieldsOf(value)).slice(0, 12).join(', ');
  return keys === '' ? (value === null ? 'null' : typeof value) : `keys: ${keys}`;
}

function insideOf(value: Fields): Fields {
  for (const key of wrappers) {
    const inner = unfolded(value[key]);
    if (isRecord(inner)) return inner;
  }
  return value;
}

/** The tool that a result names. */
export function toolOf(fields: Fields): string | null {
  return firstText(fields, ['toolName', 'tool_name']) ?? textOf(fields['name']);
}
