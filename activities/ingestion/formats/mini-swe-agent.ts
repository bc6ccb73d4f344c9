import { miniEnding } from '../endings.ts';
import { unifiedMessages, type Draft, type RecordFormat } from '../format.ts';
import type { LooseMessage } from '../loose-message.ts';
import { readMessage } from '../read-message.ts';
import { at, type Fields, fieldsOf, listOf, numberOf, textOf } from '../loose-values.ts';
import { readMessages, replyMessage } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { reasoningEffortIn } from '../reasoning-effort.ts';
import { requestUsage, summedUsage, usageOf } from '../usage.ts';
import { fencedCommands, withSpokenCalls } from '../spoken-calls.ts';

/** mini-swe-agent's `.traj.json`, 1.x (commands in fenced blocks) and 2.x (tool calls, or fenced blocks on demand). */
export const miniSweAgent: RecordFormat = {
  id: 'mini-swe-agent',
  detect(value) {
    const format = at(value, 'trajectory_format');
    return (
      (typeof format === 'string' && format.startsWith('mini-swe-agent')) ||
      (textOf(at(value, 'info', 'mini_version')) !== null && Array.isArray(at(value, 'messages')))
    );
  },
  read(value): Draft[] {
    const oddities = new Oddities();
    const info = fieldsOf(at(value, 'info'));
    const items = listOf(at(value, 'messages'));
    const instance = textOf(at(value, 'instance_id'));
    return [
      {
        ...(instance === null ? {} : { id: instance }),
        instance_id: instance,
        harness: 'mini-swe-agent',
        model: textOf(at(info, 'config', 'model', 'model_name')),
        reasoning_effort: reasoningEffortIn(at(info, 'config', 'model', 'model_kwargs'), at(info, 'config', 'model')),
        messages: unifiedMessages(withoutLimitNotice(readItems(items, oddities), textOf(info['exit_status'])), oddities),
        ending: miniEnding(
          textOf(info['exit_status']),
          { calls: numberOf(at(info, 'model_stats', 'api_calls')), callLimit: numberOf(at(info, 'config', 'agent', 'step_limit')) },
          oddities,
        ),
        exit_status: textOf(info['exit_status']),
        usage: usageIn(info, items),
        model_patch: typeof info['submission'] === 'string' ? info['submission'] : null,
        oddities,
      },
    ];
  },
};

/** Cost and calls as the run counted them; tokens as the responses have them that stand beside the messages, or are items themselves. */
function usageIn(info: Fields, items: unknown[]): NonNullable<Draft['usage']> | null {
  const requests = items.map((item) => requestUsage(at(item, 'extra', 'response', 'usage') ?? at(item, 'usage'), null));
  const stats = at(info, 'model_stats');
  return usageOf({ ...summedUsage(requests), cost_usd: at(stats, 'instance_cost'), calls: at(stats, 'api_calls') });
}

function readItems(items: unknown[], oddities: Oddities): LooseMessage[] {
  const commands: (string | null)[] = [];
  const messages: LooseMessage[] = [];
  for (const [index, item] of items.entries()) {
    // The last item is the harness's note of how it ended.
    if (at(item, 'role') === 'exit') continue;
    const read = readItem(item, index, oddities);
    if (read.length === 0) oddities.lose('message', 'no message that can be read', index);
    if (at(item, 'extra', 'interrupt_type') === 'FormatError' && read.length > 1)
      oddities.note('replies that were refused stand where they came', index);
    for (const message of read) {
      messages.push(message);
      commands.push(message.role === 'assistant' ? commandOf(item, message) : null);
    }
  }
  return withSpokenCalls(messages, (_message, index) => commands[index] ?? null);
}

function readItem(item: unknown, index: number, oddities: Oddities): LooseMessage[] {
  // A reply of the Responses API.
  if (at(item, 'object') === 'response') return readMessages(listOf(at(item, 'output')), oddities, index);
  const messages = readMessage(item);
  if (messages.length === 0) return [];
  // A refused reply is kept only beside the message that refuses it.
  const refused = at(item, 'extra', 'interrupt_type') === 'FormatError' ? replyMessage(at(item, 'extra', 'response')) : null;
  return refused === null ? messages : [refused, ...messages];
}

/** What a reply without tool calls ran: 2.x notes it beside the message, 1.x ran its only fenced block. */
function commandOf(item: unknown, { content }: LooseMessage): string | null {
  const actions = listOf(at(item, 'extra', 'actions'));
  if (actions.length > 0) return textOf(at(actions[0], 'command'));
  const fenced = fencedCommands(content, ['bash', 'mswea_bash_command']);
  return fenced.length === 1 ? (fenced[0] ?? null) : null;
}

/** 1.x ends every run with a user message: the submission after a submit, and nothing but a notice after a limit. */
function withoutLimitNotice(messages: LooseMessage[], status: string | null): LooseMessage[] {
  const [before, last] = messages.slice(-2);
  return status !== null && status !== 'Submitted' && last?.role === 'user' && before?.role !== 'assistant'
    ? messages.slice(0, -1)
    : messages;
}
