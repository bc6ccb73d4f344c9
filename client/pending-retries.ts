import type { WorkflowExecutionDescription } from '@temporalio/client';

/** Work of a task that failed and is tried again: which, the number of its next or present attempt, and the last failure. */
export interface Retry {
  activity: string;
  attempt: number;
  code: string;
  message: string;
}

/** What the server tries again for a workflow, in the order in which it was first scheduled. */
export function pendingRetries({ raw }: WorkflowExecutionDescription): Retry[] {
  return (raw.pendingActivities ?? []).flatMap(({ activityType, attempt, lastFailure }) => {
    if (!lastFailure) return [];
    const code = lastFailure.applicationFailureInfo?.type ?? 'activity_timeout';
    return [{ activity: activityType?.name ?? '', attempt: attempt ?? 1, code, message: lastFailure.message ?? '' }];
  });
}
