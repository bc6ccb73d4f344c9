import { type Draft, type RecordFormat, unifiedMessages } from '../format.ts';
import { at, type Fields, fieldsOf, listOf, textOf } from '../loose-values.ts';
import { isRecord } from '../../../schemas/is-record.ts';
import { readMessages } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { reasoningEffortIn } from '../reasoning-effort.ts';
import { usageOf } from '../usage.ts';

/** Sessions of goose: a line that describes it and a message a line, or what `goose session export --format json` writes. */
export const goose: RecordFormat = {
  id: 'goose',
  detect: (value) =>
    Array.isArray(value) ? areLines(value.slice(0, 20)) : isRecord(value) && areLines(listOf(value['conversation']).slice(0, 20)),
  detectLines: areLines,
  read(value): Draft[] {
    const lines = (Array.isArray(value) ? value : [value, ...listOf(at(value, 'conversation'))]).filter(isRecord);
    const head = lines[0]?.['role'] === undefined ? fieldsOf(lines[0]) : {};
    const oddities = new Oddities();
    const messages = lines.filter(({ role }) => role !== undefined).map(plain);
    return [
      {
        id: textOf(head['id']) ?? '',
        harness: 'goose',
        model: textOf(at(head, 'model_config', 'model_name')),
        reasoning_effort: reasoningEffortIn(at(head, 'model_config')),
        messages: unifiedMessages(readMessages(messages, oddities), oddities),
        usage: usageOf({ prompt_tokens: head['accumulated_input_tokens'], completion_tokens: head['accumulated_output_tokens'] }),
        oddities,
      },
    ];
  },
};

function areLines(first: readonly unknown[]): boolean {
  return first.some((line) => isHead(line) || (typeof at(line, 'created') === 'number' && listOf(at(line, 'content')).some(isTool)));
}

function isHead(value: unknown): boolean {
  return isRecord(value) && ['working_dir', 'message_count'].every((key) => key in value) && !('conversation' in value);
}

function isTool(part: unknown): boolean {
  return /^(?:toolRequest|toolResponse)$/.test(textOf(at(part, 'type')) ?? '');
}

/** Calls and results in the shape of Anthropic's API. A call or result that failed has an error in its place. */
function plain(message: Fields): unknown {
  return { role: message['role'], content: listOf(message['content']).map(plainPart) };
}

function plainPart(part: unknown): unknown {
  const id = at(part, 'id');
  if (/toolRequest$/i.test(textOf(at(part, 'type')) ?? '')) {
    const call = at(part, 'toolCall', 'value');
    return { type: 'tool_use', id, name: at(call, 'name') ?? '', input: at(call, 'arguments') ?? {} };
  }
  if (at(part, 'type') !== 'toolResponse') return part;
  const value = at(part, 'toolResult', 'value');
  return { type: 'tool_result', tool_use_id: id, content: at(value, 'content') ?? value ?? at(part, 'toolResult', 'error') ?? '' };
}
