import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Retry } from '../schemas/live-detail.ts';

/** What the server tries again for a workflow, in the order in which it was first scheduled. */
export function pendingRetries({ raw }: WorkflowExecutionDescription): Retry[] {
  return (raw.pendingActivities ?? []).flatMap(({ activityType, attempt, lastFailure }) => {
    if (!lastFailure) return [];
    const code = lastFailure.applicationFailureInfo?.type ?? 'activity_timeout';
    return [{ activity: activityType?.name ?? '', attempt: attempt ?? 1, code, message: lastFailure.message ?? '' }];
  });
}
