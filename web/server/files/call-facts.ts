import { isRecord } from '../../../schemas/is-record.ts';
import type { CallFacts } from '../../model/transcript/message-turns.ts';

/** Nesting below a line in which calls and results are looked for. */
const depth = 5;

/**
 * What the lines of a session say of its calls beside their text, by the call's id: when they were made, whether their result is an
 * error, and the time from the line of the call to that of the result. Claude Code and Codex write lines of this kind; of other
 * records nothing is known.
 */
export function callFacts(record: unknown): Map<string, CallFacts> {
  const facts = new Map<string, CallFacts>();
  if (!Array.isArray(record)) return facts;
  for (const line of record) {
    if (!isRecord(line)) continue;
    const at = timeOf(line['timestamp']);
    for (const item of itemsOf(line, depth)) note(facts, item, at);
  }
  return facts;
}

function note(facts: Map<string, CallFacts>, item: Record<string, unknown>, at: number | null): void {
  const { type } = item;
  if (type === 'tool_use' || type === 'function_call' || type === 'custom_tool_call' || type === 'local_shell_call') {
    const id = idOf(type === 'tool_use' ? item['id'] : item['call_id']);
    // A line that is there once more says nothing new.
    if (id !== null && !facts.has(id)) facts.set(id, { at, failed: null, duration_ms: null });
  } else if (type === 'tool_result' || type === 'function_call_output' || type === 'custom_tool_call_output') {
    const id = idOf(type === 'tool_result' ? item['tool_use_id'] : item['call_id']);
    const call = id === null ? undefined : facts.get(id);
    if (call === undefined || call.failed !== null || call.duration_ms !== null) return;
    call.failed = errorOf(item);
    call.duration_ms = at === null || call.at === null || at < call.at ? null : at - call.at;
  }
}

/** Whether a result says that it is an error: Claude Code beside its text, Codex as the success of its output. */
function errorOf({ is_error, success, output }: Record<string, unknown>): boolean | null {
  if (typeof is_error === 'boolean') return is_error;
  const told = isRecord(output) ? output['success'] : success;
  return typeof told === 'boolean' ? !told : null;
}

function* itemsOf(value: unknown, left: number): Generator<Record<string, unknown>> {
  if (left === 0) return;
  if (Array.isArray(value)) for (const item of value) yield* itemsOf(item, left - 1);
  else if (isRecord(value)) {
    yield value;
    for (const name of ['message', 'content', 'payload', 'item', 'data']) yield* itemsOf(value[name], left - 1);
  }
}

/** Milliseconds since the epoch; null for what is no time. */
function timeOf(value: unknown): number | null {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function idOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
