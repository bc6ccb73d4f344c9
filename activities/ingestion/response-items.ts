import { argumentsText, idOf, missingArguments, readCall } from './loose-calls.ts';
import { type LooseMessage, looseMessage } from './loose-message.ts';
import { readResult, thoughtText } from './loose-parts.ts';
import { type Fields, firstOf, textOf } from './loose-values.ts';

const outputType = /_(?:call_)?output$/;
const callType = /_call$/;

/** Whether an object is an item of the Responses API other than a message: reasoning, a call, or what came back. */
export function isResponseItem({ type, role }: Fields): boolean {
  return typeof type === 'string' && role === undefined && (type === 'reasoning' || callType.test(type) || outputType.test(type));
}

/**
 * An item of the Responses API. Reasoning and calls are pieces of a reply; a hosted tool's call (`web_search_call`, `mcp_call`) may
 * hold its own result.
 */
export function readResponseItem(item: Fields): LooseMessage[] {
  const type = textOf(item['type']) ?? '';
  if (type === 'reasoning') {
    return [looseMessage('assistant', '', { reasoning: thoughtText(item['content']) ?? thoughtText(item['summary']) ?? '', piece: true })];
  }
  if (outputType.test(type)) {
    const { answers, tool, content, dropped, lost } = readResult(item);
    return [looseMessage('tool', content, { answers, tool, dropped, lost })];
  }
  const label = type.replace(callType, '');
  const call = namedCall(item, label);
  const lost = call.name === label ? [] : missingArguments(item);
  const asked = looseMessage('assistant', '', { calls: [call], lost, piece: true });
  if (firstOf(item, ['output', 'outputs', 'result', 'results', 'error']) === undefined) return [asked];
  const { content, dropped } = readResult(item);
  return [asked, looseMessage('tool', content, { answers: call.id, tool: call.name, dropped })];
}

/** Keys beside what a hosted tool was asked. */
const besides = new Set(['type', 'id', 'call_id', 'status', 'output', 'outputs', 'result', 'results', 'error', 'server_label']);

/** Functions and custom tools say their name; of a hosted tool the label is the name, and `action` or the item what was asked. */
function namedCall(item: Fields, label: string): LooseMessage['calls'][number] {
  const named = textOf(item['name']) === null && textOf(item['tool']) === null ? null : readCall(item);
  if (named !== null) return named;
  const asked = item['action'] ?? item['operation'] ?? Object.fromEntries(Object.entries(item).filter(([key]) => !besides.has(key)));
  return { id: idOf(item), name: label, arguments: argumentsText(asked) };
}
