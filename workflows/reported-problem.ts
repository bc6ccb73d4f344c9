import { ActivityFailure, ApplicationFailure, rootCause, TimeoutFailure } from '@temporalio/workflow';
import type { ReportedProblem } from '../schemas/reported-problem.ts';

/** What an error of an activity, or of the workflow itself, says: activities give the code as type and the hint as first detail. */
export function reportedProblem(error: unknown): ReportedProblem {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  if (failure instanceof ApplicationFailure) {
    const hint: unknown = failure.details?.[0];
    return { code: failure.type ?? 'unexpected', message: failure.message, hint: typeof hint === 'string' ? hint : '' };
  }
  const code = failure instanceof TimeoutFailure ? 'activity_timeout' : 'unexpected';
  return { code, message: rootCause(error) ?? String(error), hint: '' };
}

/** On one line, for places that hold text only. */
export function sentenceOf({ code, message, hint }: ReportedProblem): string {
  return `${code}: ${message}${hint === '' ? '' : ` (${hint})`}`;
}
