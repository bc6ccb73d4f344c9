import { nameTable } from '../../../schemas/name-table.ts';
import type { Ending } from '../../../schemas/trajectory.ts';
import { Problem } from '../../../schemas/problem.ts';
import { type Draft, type RecordFormat, unifiedMessages } from '../format.ts';
import { type Fields, listOf, numberOf, textOf } from '../loose-values.ts';
import { isRecord } from '../../../schemas/is-record.ts';
import { readMessages } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { requestUsage, summedUsage, usageOf } from '../usage.ts';
import { type Thread, threadsOf } from './claude-code-threads.ts';

/**
 * Sessions of Claude Code: the logs below `projects/`, and what `--output-format stream-json` prints. Each conversation in it is a
 * trajectory of its own: the main one, and one for every sub-agent. Cursor's agent prints the same, with calls as lines of their own.
 */
export const claudeCode: RecordFormat = {
  id: 'claude-code',
  detect: (value) => Array.isArray(value) && value.slice(0, 20).some(isLine),
  detectLines: (first) => first.some(isLine),
  read(value): Draft[] {
    const lines = listOf(value).filter(isRecord);
    const threads = threadsOf(lines);
    const spoken = threads.filter(({ messages }) => messages.some(({ role }) => role === 'assistant'));
    if (spoken.length === 0) {
      throw new Problem('empty_trajectory', 'a session of Claude Code without a reply of the model', {
        hint: 'it may have been opened and left',
      });
    }
    return spoken.map((thread) => draftOf(thread, thread.id.includes('#') ? [] : lines));
  },
};

/** What a line of a stored session has, or one of those that are printed. */
function isLine(value: unknown): boolean {
  if (!isRecord(value) || typeof value['type'] !== 'string') return false;
  const { type, message } = value;
  if (type === 'summary') return 'leafUuid' in value;
  if (type === 'file-history-snapshot') return 'snapshot' in value;
  const stored = 'sessionId' in value && ('parentUuid' in value || 'isSidechain' in value || type === 'queue-operation');
  const printed = 'session_id' in value && (value['subtype'] === 'init' || 'parent_tool_use_id' in value || type === 'result');
  if (!stored && !printed) return false;
  // Others write the same lines around messages of their own kind.
  return !isRecord(message) || !Array.isArray(message['parts']);
}

function draftOf(thread: Thread, all: Fields[]): Draft {
  const oddities = new Oddities();
  for (const note of thread.notes) oddities.note(note);
  for (const reason of thread.lost) oddities.lose('call', reason);
  const result = all.findLast(({ type }) => type === 'result');
  const requests = summedUsage(thread.usage.map((usage) => requestUsage(usage)));
  return {
    id: thread.id,
    harness: thread.callLines ? 'cursor-agent' : 'claude-code',
    model: thread.model,
    messages: unifiedMessages(readMessages(thread.messages, oddities), oddities),
    ending: result === undefined ? null : endingOf(result, oddities),
    exit_status: textOf(result?.['subtype']),
    usage: result === undefined ? requests : usageOf({ ...requests, cost_usd: numberOf(result['total_cost_usd']) }),
    oddities,
  };
}

/** How a printed session says that it ended. */
const kinds: Record<string, Ending['kind']> = nameTable({
  success: 'finished',
  error_max_turns: 'turn_limit',
  error_max_budget_usd: 'cost_limit',
});

function endingOf(result: Fields, oddities: Oddities): Ending | null {
  const status = textOf(result['subtype']) ?? '';
  const kind = result['is_error'] === true && status === 'success' ? undefined : kinds[status];
  if (kind !== undefined) return { kind, status, detail: textOf(result['result']) ?? '' };
  oddities.note(`ended as ${JSON.stringify(status)}, which says nothing about the agent`);
  return null;
}
