import { statSync } from 'node:fs';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { journalPath } from '../../../activities/journal/journal.ts';
import type { Cell } from '../../../schemas/campaign.ts';
import { nameTable } from '../../../schemas/name-table.ts';
import { RolloutHeartbeat } from '../../../schemas/rollout-heartbeat.ts';
import { heartbeatOf } from '../../../client/heartbeat.ts';
import { isoOf, lastFailure, nextTry, scheduled } from '../../../client/pending-retries.ts';

/** What one piece of work of a task waits for. */
export interface Wait {
  /** The cell of a rollout; null for work of the task itself. */
  cell: Cell | null;
  where: string;
  waiting_for: string;
  /** ISO time; null where nobody knows. */
  since: string | null;
  detail: string;
}

/** What an activity that runs waits for, where it does not say so itself. A rollout says so once it has its container. */
const waitsFor: Record<string, string> = nameTable({
  prepare: 'image',
  gate: 'tests of the gate',
  rollout: 'container',
  verify: 'tests',
  scan: 'scanner',
  decide: 'filters',
});

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/**
 * What a task's workflow waits for and since when, from what the server holds: work in a queue, work that is tried again, and
 * running rollouts by their heartbeat. What a rollout waits for began with the last line of its journal.
 */
export function waitsOf({ raw }: WorkflowExecutionDescription, campaign: string, instance_id: string, journals: string): Wait[] {
  return (raw.pendingActivities ?? []).map((activity) => {
    const where = activity.activityType?.name ?? '';
    const beat = where === 'rollout' ? heartbeatOf(activity, RolloutHeartbeat) : undefined;
    const cell = beat?.cell ?? null;
    if (activity.state === scheduled) return { cell, where, ...queued(activity) };
    if (beat === undefined || cell === null) {
      return {
        cell,
        where,
        waiting_for: waitsFor[where] ?? where,
        since: isoOf(activity.lastStartedTime),
        detail: (activity.attempt ?? 1) > 1 ? `attempt ${activity.attempt}` : '',
      };
    }
    const { harness, mode, sample } = cell;
    const since = lastWritten(journalPath(journals, { campaign, instance_id, harness, mode, sample }));
    const detail = `turn ${beat.turn + 1}, ${beat.exchanges} replies, ${beat.actions} actions`;
    return { cell, where, waiting_for: beat.doing, since, detail };
  });
}

function queued(activity: Pending): Pick<Wait, 'waiting_for' | 'since' | 'detail'> {
  const failure = lastFailure(activity);
  if (failure === null) return { waiting_for: 'queue', since: isoOf(activity.scheduledTime), detail: 'no worker has taken it yet' };
  const next = nextTry(activity);
  const since = isoOf(activity.lastAttemptCompleteTime ?? activity.lastStartedTime);
  return {
    waiting_for: 'retry',
    since,
    detail: `attempt ${activity.attempt ?? 1}${next === null ? '' : ` at ${next}`}, after: ${failure.message}`,
  };
}

/** When the journal was last written to; null where it is not on this machine. */
function lastWritten(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false })?.mtime.toISOString() ?? null;
}
