import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Retry } from '../schemas/live-detail.ts';

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];
/** `PENDING_ACTIVITY_STATE_SCHEDULED`: no worker has taken it. */
export const scheduled = 1;

type LastFailure = NonNullable<Pending['lastFailure']>;

/** What the server tries again for a workflow, in the order in which it was first scheduled. */
export function pendingRetries({ raw }: { raw: Pick<WorkflowExecutionDescription['raw'], 'pendingActivities'> }): Retry[] {
  return (raw.pendingActivities ?? []).flatMap((activity) => {
    const { activityType, attempt } = activity;
    const failure = lastFailure(activity);
    if (failure === null) return [];
    const next_try = activity.state === scheduled ? nextTry(activity) : null;
    return [{ activity: activityType?.name ?? '', attempt: attempt ?? 1, next_try, ...failure }];
  });
}

/** Why the last attempt of an activity failed; null where none did. */
export function lastFailure({ lastFailure: failure }: Pick<Pending, 'lastFailure'>): Pick<Retry, 'code' | 'message'> | null {
  if (!failure) return null;
  const { applicationFailureInfo, message } = itself(failure);
  return { code: applicationFailureInfo?.type ?? 'activity_timeout', message: message ?? '' };
}

/** When an activity that no worker has is tried again, as ISO time; null where the server does not say. */
export function nextTry({
  nextAttemptScheduleTime,
  scheduledTime,
}: Pick<Pending, 'nextAttemptScheduleTime' | 'scheduledTime'>): string | null {
  return isoOf(nextAttemptScheduleTime ?? scheduledTime);
}

/** A time of the server in ISO form; null where it has none. */
export function isoOf(time: Pending['scheduledTime']): string | null {
  if (time === null || time === undefined) return null;
  const seconds = time.seconds?.toNumber() ?? 0;
  return seconds === 0 ? null : new Date(seconds * 1000 + Math.floor((time.nanos ?? 0) / 1e6)).toISOString();
}

/** A failure too large for the server lies behind a sentence of the server's own, shortened. */
function itself(failure: LastFailure): LastFailure {
  return failure.serverFailureInfo && failure.cause ? failure.cause : failure;
}
