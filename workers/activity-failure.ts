import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure, TemporalFailure } from '@temporalio/common';
import { messageOf, Problem } from '../schemas/problem.ts';

/** Problems that another try cannot fix: bad input, or a state that a person has to look at. */
const final = new Set([
  'artifact_unreadable',
  'bad_campaign',
  'base_commit_missing',
  'exchange_already_journalled',
  'harness_unknown',
  'image_missing',
  'image_not_clean',
  'image_without_git',
  'journal_damaged',
  'journal_diverged',
  'mode_unsupported',
  'repository_missing',
  'request_diverged',
  'rollout_changed',
  'teacher_missing',
  'teacher_model_missing',
  // The workflow waits, and schedules the rollout again.
  'teacher_paused',
  'teacher_rejected_request',
  'teacher_unauthorized',
  'template_bad',
  'template_failed',
  'unknown_parser',
  'unknown_task',
]);

/**
 * What an activity throws, as Temporal understands it: the problem's code as type, its hint as first detail, and
 * whether a retry makes sense. Failures of infrastructure are expected in a long campaign and kept out of the error logs.
 */
export function asActivityFailure(error: unknown): unknown {
  if (error instanceof TemporalFailure || error instanceof CancelledFailure) return error;
  if (error instanceof Problem) {
    return ApplicationFailure.create({
      type: error.code,
      message: error.message.slice(0, 2000),
      ...(error.hint !== undefined && { details: [error.hint] }),
      nonRetryable: final.has(error.code),
      category: ApplicationFailureCategory.BENIGN,
      cause: error,
      ...(error.retryAfterMs !== undefined && { nextRetryDelay: error.retryAfterMs }),
    });
  }
  return ApplicationFailure.create({
    type: 'unexpected',
    message: messageOf(error).slice(0, 2000),
    ...(error instanceof Error && { cause: error }),
  });
}
