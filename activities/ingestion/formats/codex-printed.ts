import type { IngestedTrajectory } from '../../../schemas/ingested.ts';
import { at, type Fields, fieldsOf, textOf } from '../loose-values.ts';
import { isRecord } from '../../../schemas/is-record.ts';
import { requestUsage, summedUsage } from '../usage.ts';

/** Whether a line is one that `codex exec --json` prints. */
export function isPrintedLine(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { type } = value;
  return (
    (type === 'thread.started' && 'thread_id' in value) ||
    (/^item\.(?:started|updated|completed)$/.test(String(type)) && isRecord(value['item']))
  );
}

export function printedSession(lines: Fields[]): string | null {
  return lines.map((line) => textOf(line['thread_id'])).find((id) => id !== null) ?? null;
}

export function printedUsage(lines: Fields[]): IngestedTrajectory['usage'] {
  return summedUsage(lines.filter(({ type }) => type === 'turn.completed').map(({ usage }) => requestUsage(usage, null)));
}

/** What was printed as items of the Responses API. Of an item that came several times the last line counts. */
export function printedItems(lines: Fields[]): unknown[] {
  const last = new Map<string, Fields>();
  for (const [index, line] of lines.entries()) {
    if (isRecord(line['item'])) last.set(textOf(line['item']['id']) ?? `line ${index}`, line['item']);
  }
  return [...last].flatMap(([id, item]) => itemsOf(id, item));
}

function itemsOf(id: string, item: Fields): unknown[] {
  const { type, id: _id, status, ...rest } = item;
  const call = (name: string, asked: unknown) => ({ type: 'function_call', name, call_id: id, arguments: JSON.stringify(asked) });
  // What did not come to its end gave nothing back.
  const result = (output: unknown) => (status === 'in_progress' ? [] : [{ type: 'function_call_output', call_id: id, output }]);
  switch (type) {
    case 'agent_message':
      return [{ type: 'message', role: 'assistant', content: textOf(item['text']) ?? '' }];
    case 'reasoning':
      return [{ type: 'reasoning', summary: [{ type: 'summary_text', text: textOf(item['text']) ?? '' }] }];
    case 'command_execution': {
      const output = { output: item['aggregated_output'] ?? '', exit_code: item['exit_code'] };
      return [call('shell', { command: item['command'] }), ...result(output)];
    }
    case 'file_change':
      return [call('apply_patch', { changes: item['changes'] }), ...result(textOf(status) ?? '')];
    case 'mcp_tool_call': {
      const name = [textOf(item['server']), textOf(item['tool'])].filter((part) => part !== null).join('.');
      return [call(name, fieldsOf(item['arguments'])), ...result(item['result'] ?? at(item, 'error', 'message') ?? '')];
    }
    case 'error':
      return [];
    default:
      return [call(textOf(type) ?? '', rest), ...result(textOf(status) ?? '')];
  }
}
