import type { JobFailure, JobStatus } from '../../schemas/job.ts';
import { commonSigns, type FailureSign } from './failure-signs.ts';

const shownLines = 12;
/** Begins the output of each start, so that those of earlier ones are not taken for its own. */
const beginning = '--- tracemill: submission ';

/**
 * Why a job did not complete: by its state, and where that says only that it failed, by the last lines of its output.
 * Null for a job that runs or has completed. `signs`: those of the trainer, asked before the common ones.
 */
export function classifyFailure(status: JobStatus, output: readonly string[], signs: readonly FailureSign[] = []): JobFailure | null {
  const begins = output.findLastIndex((line) => line.startsWith(beginning));
  const lines = output.slice(begins + 1).map((line) => line.trimEnd());
  const failure = (cause: JobFailure['cause'], retryable: boolean, detail: string, telling: readonly string[] = []): JobFailure => ({
    cause,
    retryable,
    detail: `${detail} (${status.detail})`,
    lines: telling.length > 0 ? telling.slice(-shownLines) : lines.filter((line) => line !== '').slice(-shownLines),
  });
  switch (status.state) {
    case 'pending':
    case 'running':
    case 'completed':
      return null;
    case 'cancelled':
      return failure('cancelled', false, 'it was cancelled');
    case 'timed_out':
      return failure('time_limit', true, 'its time limit ended it');
    case 'preempted':
      return failure('preempted', true, 'it was told to end before it was done');
    case 'node_failed':
      return failure('node_failure', true, 'its machine failed');
    case 'lost':
      return failure('lost', true, 'nothing is known of it any more');
    case 'out_of_memory':
      return failure(
        'out_of_memory',
        false,
        'it ran out of memory: give it more, or spread it over more machines',
        matching(lines, commonSigns[0]),
      );
    case 'failed':
      break;
  }
  const sign = [...signs, ...commonSigns].find((known) => matching(lines, known).length > 0);
  if (sign !== undefined) return failure(sign.cause, sign.retryable, sign.detail, matching(lines, sign));
  if (status.exit_code === 127 || status.exit_code === 126) {
    return failure('missing_program', false, 'its program is not there, or may not be executed');
  }
  if (status.exit_code === 137) return failure('unknown', true, 'it was killed from outside');
  return failure('unknown', false, 'it failed for a reason that its last lines may tell');
}

function matching(lines: readonly string[], sign: FailureSign | undefined): string[] {
  // A global pattern would remember where it was.
  return sign === undefined ? [] : lines.filter((line) => new RegExp(sign.pattern, sign.pattern.flags.replaceAll('g', '')).test(line));
}
