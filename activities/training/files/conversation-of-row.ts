import { type Message, type ToolCall, ToolDefinition } from '../../../schemas/message.ts';
import type { DatasetRow, RowMessage } from '../../../schemas/dataset-row.ts';
import { canonicalArguments } from '../../rendering/canonical-arguments.ts';
import type { Conversation } from '../../rendering/conversation.ts';

/** Why a row cannot be learned from; a row over the limit of tokens is found later, by counting. */
export type RowFault =
  /** No reply of a model in it. */
  | 'no_assistant'
  /** The arguments of a call are no JSON object. */
  | 'bad_arguments'
  /** A tool is no definition of a function. */
  | 'bad_tools'
  /** Observations and calls do not pair up. */
  | 'call_mismatch'
  /** A row of the mode without thinking holds reasoning. */
  | 'reasoning_in_no_think';

export type RowReading = { ok: true; conversation: Conversation } | { ok: false; fault: RowFault };

type ReadableRow = Pick<DatasetRow, 'trajectory' | 'tools'> & { metadata: Pick<DatasetRow['metadata'], 'teacher_model'> };

/**
 * A published row as the conversation that a student learns. Rows carry no ids: calls get some by order, and each
 * observation answers the next call of the last reply. What follows the last reply is left out, since nothing in it is
 * learned. Reasoning is absent where there is none, content never null, arguments are in the one form that templates show.
 */
export function conversationOfRow({ trajectory, tools, metadata }: ReadableRow): RowReading {
  const definitions = tools.map(toolOf);
  if (!definitions.every((tool) => tool !== null)) return { ok: false, fault: 'bad_tools' };
  const end = trajectory.findLastIndex(({ role }) => role === 'assistant') + 1;
  if (end === 0) return { ok: false, fault: 'no_assistant' };
  const thinks = metadata.teacher_model.enable_thinking;
  const kept = trajectory.slice(0, end);
  if (!thinks && kept.some(({ reasoning_content }) => (reasoning_content ?? '') !== ''))
    return { ok: false, fault: 'reasoning_in_no_think' };
  const paired = withIds(kept);
  if (!Array.isArray(paired)) return { ok: false, fault: paired.fault };
  return { ok: true, conversation: { messages: paired, tools: definitions, mode: thinks ? 'think' : 'no_think' } };
}

function withIds(messages: readonly RowMessage[]): Message[] | { fault: RowFault } {
  const paired: Message[] = [];
  /** Ids of calls of the last reply that no observation has answered yet. */
  let open: string[] = [];
  let calls = 0;
  for (const message of messages) {
    const { role, content } = message;
    if (role === 'tool') {
      const tool_call_id = open.shift();
      if (tool_call_id === undefined) return { fault: 'call_mismatch' };
      paired.push({ role, content, tool_call_id });
      continue;
    }
    if (open.length > 0) return { fault: 'call_mismatch' };
    if (role !== 'assistant') {
      paired.push({ role, content });
      continue;
    }
    const numbered: ToolCall[] = [];
    for (const { type, function: called } of message.tool_calls ?? []) {
      const canonical = canonicalOrNull(called.arguments);
      if (canonical === null) return { fault: 'bad_arguments' };
      calls += 1;
      numbered.push({ id: `call_${calls}`, type, function: { name: called.name, arguments: canonical } });
    }
    open = numbered.map(({ id }) => id);
    const reasoning = message.reasoning_content ?? '';
    paired.push({
      role,
      content,
      ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
      ...(numbered.length === 0 ? {} : { tool_calls: numbered }),
    });
  }
  return paired;
}

function toolOf(text: string): ToolDefinition | null {
  const read = ToolDefinition.safeParse(parsed(text));
  return read.success ? read.data : null;
}

function canonicalOrNull(text: string): string | null {
  try {
    return canonicalArguments(text);
  } catch {
    return null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
