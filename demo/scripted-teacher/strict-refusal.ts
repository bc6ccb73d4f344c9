import { z } from 'zod';
import { isRecord } from '../../schemas/is-record.ts';

const Messages = z.looseObject({
  messages: z.array(
    z.looseObject({
      role: z.string(),
      tool_call_id: z.unknown().optional(),
      tool_calls: z
        .array(z.looseObject({ id: z.unknown().optional(), function: z.looseObject({ arguments: z.unknown().optional() }) }))
        .nullish(),
    }),
  ),
});

/** Why a strict server does not take a request; undefined when it does. */
export function strictRefusal(body: string): string | undefined {
  const request: unknown = JSON.parse(body);
  if (!isWellFormed(request)) return 'The request body is not valid JSON: no low surrogate in string';
  const { messages } = Messages.parse(request);
  let open = new Set<unknown>();
  for (const { role, tool_call_id, tool_calls } of messages) {
    if (role === 'tool') {
      if (!open.delete(tool_call_id)) return `tool_call_id ${String(tool_call_id)} is not that of a call before it`;
      continue;
    }
    if (open.size > 0) return `no answer to the calls ${[...open].map(String).join(', ')}`;
    const calls = tool_calls ?? [];
    open = new Set(calls.map(({ id }) => id));
    if (open.size < calls.length || calls.some(({ id }) => typeof id !== 'string' || id === ''))
      return 'ids of calls must be different texts';
    const bad = calls.find(({ function: { arguments: sent } }) => !isObject(sent));
    if (bad !== undefined) return `the arguments of call ${String(bad.id)} are no JSON object`;
  }
  return undefined;
}

/** Whether no text holds half of a surrogate pair. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  return typeof value !== 'object' || value === null || Object.values(value).every(isWellFormed);
}

function isObject(text: unknown): boolean {
  try {
    return typeof text === 'string' && isRecord(JSON.parse(text));
  } catch {
    return false;
  }
}
