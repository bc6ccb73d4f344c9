import { type Draft, type RecordFormat, unifiedMessages } from '../format.ts';
import { at, fieldsOf, listOf, numberOf, textOf } from '../loose-values.ts';
import { isRecord } from '../../../schemas/is-record.ts';
import { readMessages } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { summedUsage, usageOf } from '../usage.ts';

/** What `opencode export` writes: a session with its messages, and the parts of each. */
export const openCode: RecordFormat = {
  id: 'opencode',
  detect: (value) =>
    isRecord(at(value, 'info')) &&
    listOf(at(value, 'messages'))
      .slice(0, 5)
      .some((message) => isRecord(at(message, 'info')) && Array.isArray(at(message, 'parts'))),
  read(value): Draft[] {
    const oddities = new Oddities();
    const messages = listOf(at(value, 'messages'));
    const replies = messages.map((message) => at(message, 'info')).filter((info) => at(info, 'role') === 'assistant');
    return [
      {
        id: textOf(at(value, 'info', 'id')) ?? '',
        harness: 'opencode',
        model: replies.map((info) => textOf(at(info, 'modelID'))).find((model) => model !== null) ?? null,
        messages: unifiedMessages(readMessages(messages.flatMap(itemsOf), oddities), oddities),
        usage: summedUsage(replies.map(usageIn)),
        oddities,
      },
    ];
  },
};

/** A message may hold several replies one after another: a step begins each. A tool's part has call and result. */
function itemsOf(message: unknown): unknown[] {
  const role = textOf(at(message, 'info', 'role')) ?? '';
  const items: unknown[] = [];
  let content: unknown[] = [];
  let results: unknown[] = [];
  const end = () => {
    if (content.length > 0) items.push({ role, content });
    items.push(...results);
    [content, results] = [[], []];
  };
  for (const part of listOf(at(message, 'parts'))) {
    const { type, callID: id, tool: name, state, text } = fieldsOf(part);
    if (type === 'step-start') end();
    else if (type === 'text' || type === 'reasoning') content.push(type === 'text' ? { type, text } : { type: 'thinking', thinking: text });
    else if (type === 'tool') {
      content.push({ type: 'tool_use', id, name, input: at(state, 'input') ?? {} });
      const output = at(state, 'output') ?? at(state, 'error');
      if (output !== undefined) results.push({ role: 'tool', tool_call_id: id, content: output });
    } else if (!besides.has(textOf(type) ?? '')) content.push(part);
  }
  end();
  return items;
}

/** Parts of the session around the conversation. */
const besides = new Set(['step-finish', 'snapshot', 'patch', 'compaction', 'retry', 'agent']);

function usageIn(info: unknown): ReturnType<typeof usageOf> {
  const [input, output, reasoning, read, write] = [['input'], ['output'], ['reasoning'], ['cache', 'read'], ['cache', 'write']].map(
    (path) => numberOf(at(info, 'tokens', ...path)),
  );
  return usageOf({
    cost_usd: at(info, 'cost'),
    prompt_tokens: input === null || input === undefined ? null : input + (read ?? 0) + (write ?? 0),
    completion_tokens: output === null || output === undefined ? null : output + (reasoning ?? 0),
    cached_tokens: read,
    reasoning_tokens: reasoning,
  });
}
