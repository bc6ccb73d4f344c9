import { statSync } from 'node:fs';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { journalPath } from '../../../activities/journal/journal.ts';
import type { Cell } from '../../../schemas/campaign.ts';
import { RolloutHeartbeat } from '../../../schemas/rollout-heartbeat.ts';
import { heartbeatOf } from '../../../client/heartbeat.ts';

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

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** `PENDING_ACTIVITY_STATE_SCHEDULED`: no worker has taken it. */
const scheduled = 1;

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
      return { cell, where, waiting_for: where, since: isoOf(activity.lastStartedTime), detail: `attempt ${activity.attempt ?? 1}` };
    }
    const { harness, mode, sample } = cell;
    const since = lastWritten(journalPath(journals, { campaign, instance_id, harness, mode, sample }));
    const detail = `turn ${beat.turn + 1}, ${beat.exchanges} replies, ${beat.actions} actions`;
    return { cell, where, waiting_for: beat.doing, since, detail };
  });
}

function queued(activity: Pending): Pick<Wait, 'waiting_for' | 'since' | 'detail'> {
  const failure = activity.lastFailure;
  if (!failure) return { waiting_for: 'queue', since: isoOf(activity.scheduledTime), detail: 'no worker has taken it yet' };
  const next = isoOf(activity.nextAttemptScheduleTime ?? activity.scheduledTime);
  const since = isoOf(activity.lastAttemptCompleteTime ?? activity.lastStartedTime);
  return {
    waiting_for: 'retry',
    since,
    detail: `attempt ${activity.attempt ?? 1}${next === null ? '' : ` at ${next}`}, after: ${failure.message ?? ''}`,
  };
}

/** When the journal was last written to; null where it is not on this machine. */
function lastWritten(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false })?.mtime.toISOString() ?? null;
}

function isoOf(time: Pending['scheduledTime']): string | null {
  if (time === null || time === undefined) return null;
  const seconds = time.seconds?.toNumber() ?? 0;
  return seconds === 0 ? null : new Date(seconds * 1000 + Math.floor((time.nanos ?? 0) / 1e6)).toISOString();
}
