import type { Ending } from '../../../schemas/trajectory.ts';
import { openHandsError } from '../endings.ts';
import { unifiedMessages, type Draft, type RecordFormat } from '../format.ts';
import { at, fieldsOf, listOf, textOf } from '../loose-values.ts';
import { isRecord } from '../../../schemas/is-record.ts';
import { Oddities } from '../oddities.ts';
import { reasoningEffortIn } from '../reasoning-effort.ts';
import { openHandsUsage } from '../usage.ts';
import { readEvents, toolsOfEvents } from './openhands-events.ts';

/** OpenHands V0: rows of an evaluation's `output.jsonl`, and the bare event list that a single run saves. */
export const openHands: RecordFormat = {
  id: 'openhands',
  detect: (value) => isEventList(Array.isArray(value) ? value : at(value, 'history')),
  detectLines: (first) => first.some(isEvent),
  read(value): Draft[] {
    const row = Array.isArray(value) ? {} : fieldsOf(value);
    const oddities = new Oddities();
    // Before 0.20 the history was a list of pairs.
    const events = listOf(Array.isArray(value) ? value : row['history']).flat();
    const instance = textOf(row['instance_id']);
    const resolved = at(row, 'report', 'resolved');
    return [
      {
        ...(instance === null ? {} : { id: instance }),
        instance_id: instance,
        repo: textOf(at(row['instance'], 'repo')),
        base_commit: textOf(at(row['instance'], 'base_commit')) ?? textOf(row['base_commit']),
        harness: 'openhands',
        model: textOf(at(row['metadata'], 'llm_config', 'model')),
        reasoning_effort: reasoningEffortIn(at(row['metadata'], 'llm_config')),
        messages: unifiedMessages(readEvents(events, oddities), oddities),
        tools: toolsOfEvents(events, oddities),
        ending: endingOf(textOf(row['error']), events, oddities),
        exit_status: textOf(row['error']) ?? stateOf(events),
        usage: openHandsUsage(row['metrics']) ?? usageOfEvents(events),
        model_patch: textOf(at(row['test_result'], 'git_patch')) ?? textOf(row['git_patch']),
        reference_patch: textOf(at(row['instance'], 'patch')),
        resolved: typeof resolved === 'boolean' ? (resolved ? 1 : 0) : null,
        oddities,
      },
    ];
  },
};

/** An event by itself: either an action or an observation, which rows of steps hold both. */
function isEvent(value: unknown): boolean {
  return isEventList([value]) && isRecord(value) && (typeof value['action'] === 'string') !== (typeof value['observation'] === 'string');
}

/** The last state that the agent came to. */
export function stateOf(events: unknown[]): string | null {
  return textOf(
    at(
      events.findLast((event) => textOf(at(event, 'extras', 'agent_state')) !== null),
      'extras',
      'agent_state',
    ),
  );
}

/** Each event has what was used up to it. */
export function usageOfEvents(events: unknown[]): NonNullable<Draft['usage']> | null {
  return openHandsUsage(
    at(
      events.findLast((event) => at(event, 'llm_metrics') !== undefined),
      'llm_metrics',
    ),
  );
}

function isEventList(value: unknown): boolean {
  const first = listOf(value).flat()[0];
  return (
    isRecord(first) &&
    ('action' in first || 'observation' in first) &&
    ['args', 'content', 'source', 'command', 'code', 'thought'].some((key) => key in first)
  );
}

export function endingOf(error: string | null, events: unknown[], oddities: Oddities): Ending | null {
  if (error !== null) return openHandsError(error, oddities);
  const finish = events.findLast((event) => at(event, 'action') === 'finish');
  if (finish === undefined) return null;
  return { kind: 'finished', status: 'finish', detail: textOf(at(finish, 'args', 'final_thought')) ?? textOf(at(finish, 'thought')) ?? '' };
}
