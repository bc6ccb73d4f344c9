import { ActivityFailure, ApplicationFailure, rootCause, TimeoutFailure } from '@temporalio/workflow';
import type { ReportedProblem } from '../schemas/reported-problem.ts';

/** What an error of an activity, or of the workflow itself, says: activities give the code as type and the hint as first detail. */
export function reportedProblem(error: unknown): ReportedProblem {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  if (failure instanceof ApplicationFailure) {
    const hint: unknown = failure.details?.[0];
    return { code: failure.type ?? 'unexpected', message: failure.message, hint: typeof hint === 'string' ? hint : '' };
  }
  if (error instanceof ActivityFailure && failure instanceof TimeoutFailure) return timedOut(error, failure);
  return { code: 'unexpected', message: rootCause(error) ?? String(error), hint: '' };
}

/** An attempt that was cut off says nothing itself; the one before it may have. */
function timedOut({ activityType }: ActivityFailure, { cause }: TimeoutFailure): ReportedProblem {
  const before = cause instanceof ApplicationFailure ? `; the attempt before it: ${cause.type ?? 'unexpected'}: ${cause.message}` : '';
  const hint = activityType === 'rollout' ? 'raise rollout.timeout_hours' : '';
  return { code: 'activity_timeout', message: `the time limit of ${activityType} was over${before}`, hint };
}

/** On one line, for places that hold text only. */
export function sentenceOf({ code, message, hint }: ReportedProblem): string {
  return `${code}: ${message}${hint === '' ? '' : ` (${hint})`}`;
}
