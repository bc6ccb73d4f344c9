import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure, TemporalFailure } from '@temporalio/common';
import { messageOf, Problem } from '../schemas/problem.ts';

/** Problems that another try cannot fix: bad input, or a state that a person has to look at. */
const final = new Set([
  'artifact_unreadable',
  'bad_campaign',
  'bad_evaluation',
  'bad_output',
  'bad_subset',
  'bad_training',
  'base_commit_incomplete',
  'base_commit_missing',
  'benchmark_bad_rows',
  'benchmark_data_missing',
  'benchmark_empty',
  'benchmark_images_missing',
  'benchmark_mixed_forms',
  'endpoint_argument_types',
  'endpoint_context_too_short',
  'endpoint_drops_reasoning',
  'endpoint_key_missing',
  'endpoint_key_refused',
  'endpoint_model_missing',
  'endpoint_quota',
  'endpoint_reasons_unasked',
  'endpoint_refuses',
  'endpoint_tool_parser',
  'endpoint_without_reasoning',
  'endpoint_without_tools',
  'evaluation_changed',
  'exchange_already_journalled',
  'grader_failed',
  'grader_incomplete',
  'grader_not_ready',
  'grader_timed_out',
  'harness_unknown',
  'image_missing',
  'image_not_clean',
  'image_user_missing',
  'image_without_git',
  'image_without_shell',
  'job_refused',
  'job_unmet_need',
  'journal_damaged',
  'journal_diverged',
  'mode_unsupported',
  'model_incomplete',
  'model_missing',
  'model_template_differs',
  'no_matching_rows',
  'prediction_unknown_instance',
  'release_damaged',
  'release_unreadable',
  'repository_missing',
  'repository_on_volume',
  'request_diverged',
  'rollout_changed',
  'server_failed',
  'server_not_ready',
  'teacher_missing',
  'teacher_model_missing',
  // The workflow waits, and schedules the rollout again.
  'teacher_paused',
  'teacher_rejected_request',
  'teacher_unauthorized',
  'template_bad',
  'template_failed',
  'tokenizer_differs',
  'tokenizer_missing',
  'trained_tokens_differ',
  'trainer_missing',
  'unknown_benchmark',
  'unknown_parser',
  'unknown_task',
]);

/** Bytes of UTF-8 for each text of a failure. */
const mostOf = { message: 1500, hint: 700, stack: 1200 };

/**
 * What an activity throws, as Temporal understands it: the problem's code as type, its hint as first detail, and
 * whether a retry makes sense. Failures of infrastructure are expected in a long campaign and kept out of the error logs.
 * The server shows what is tried again only up to 4 KB and puts a sentence of its own in place of more, without code and hint:
 * neither causes nor the stack of a `Problem`, which repeat its message, are sent.
 */
export function asActivityFailure(error: unknown): unknown {
  if (error instanceof TemporalFailure || error instanceof CancelledFailure) return error;
  if (error instanceof Problem) {
    const failure = ApplicationFailure.create({
      type: error.code,
      message: shortened(error.message, mostOf.message),
      ...(error.hint !== undefined && { details: [shortened(error.hint, mostOf.hint)] }),
      nonRetryable: error.final || final.has(error.code),
      category: ApplicationFailureCategory.BENIGN,
      ...(error.retryAfterMs !== undefined && { nextRetryDelay: error.retryAfterMs }),
    });
    failure.stack = '';
    return failure;
  }
  const message = messageOf(error);
  const failure = ApplicationFailure.create({ type: 'unexpected', message: shortened(message, mostOf.message) });
  // A defect: where it is helps to fix it.
  failure.stack = error instanceof Error ? shortened(framesOf(error), mostOf.stack) : '';
  return failure;
}

/** The lines of a stack below the message, which the failure has already. */
function framesOf({ stack = '' }: Error): string {
  const first = stack.search(/^\s+at /m);
  return first === -1 ? '' : stack.slice(first);
}

function shortened(text: string, most: number): string {
  const bytes = Buffer.from(text);
  return bytes.length <= most
    ? text
    : `${bytes
        .subarray(0, most)
        .toString()
        .replace(/\ufffd+$/, '')}…`;
}
