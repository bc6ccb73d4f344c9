import type { JobState, JobStatus } from '../../../schemas/job.ts';
import type { RunResult } from '../run-folder.ts';
import { exitInWords, statusOfResult } from '../run-result.ts';
import type { SlurmJob } from './slurm-jobs.ts';

const waiting = [
  'PENDING',
  'CONFIGURING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'SPECIAL_EXIT',
  'RESV_DEL_HOLD',
  'RESIZING',
  'SUSPENDED',
  'STOPPED',
];
const atWork = ['RUNNING', 'COMPLETING', 'SIGNALING', 'STAGE_OUT'];
/** Ends that Slurm alone knows the reason of. */
const ends: Record<string, JobState> = {
  TIMEOUT: 'timed_out',
  DEADLINE: 'timed_out',
  NODE_FAIL: 'node_failed',
  BOOT_FAIL: 'node_failed',
  PREEMPTED: 'preempted',
  REVOKED: 'preempted',
  OUT_OF_MEMORY: 'out_of_memory',
};

/** What the run folder says of a submission. */
export interface Traces {
  result: RunResult | null;
  request: 'checkpoint' | 'cancel' | null;
  graceSeconds: number;
}

/**
 * The state of a job. A result in the run folder says more than Slurm, as long as it is of the newest start: a job that is
 * requeued left a result of the start before. `job`: null when Slurm does not know it any more.
 */
export function slurmStatus(job: SlurmJob | null, { result, request, graceSeconds }: Traces): JobStatus {
  if (result !== null && isFinal(result)) return statusOfResult(result, request);
  if (job === null) {
    if (result !== null) return statusOfResult(result, request);
    if (request !== null)
      return {
        state: stateOfRequest(request),
        exit_code: null,
        detail: `Slurm does not know it any more; ${request} was asked`,
        restarts: 0,
      };
    return { state: 'lost', exit_code: null, detail: 'Slurm does not know it any more, and it left no result', restarts: 0 };
  }
  const { state, restarts } = job;
  const why = job.reason === '' || job.reason === 'None' ? state : `${state}: ${job.reason}`;
  const told = (as: JobState, more = ''): JobStatus => ({
    state: as,
    exit_code: isRunning(as) ? null : job.exitCode,
    detail: `job ${job.id}, ${why}${more}`,
    restarts,
  });
  if (waiting.includes(state)) return told('pending');
  if (atWork.includes(state)) return told('running');
  const known = ends[state];
  if (known !== undefined) return told(known);
  if (state === 'CANCELLED')
    return told(request === null ? 'cancelled' : stateOfRequest(request), request === null ? ', not by Tracemill' : '');
  if (result !== null && result.restart === restarts) {
    const status = statusOfResult(result, request, nearLimit(job, graceSeconds));
    return { ...status, detail: `job ${job.id}, ${why}; ${status.detail}` };
  }
  if (request === 'cancel' && result === null) return told('cancelled');
  // It left no result: whatever Slurm says, its program was not seen to end.
  return told('failed', `${job.exitCode === null ? '' : `, ${exitInWords(job.exitCode)}`}, without a result in its run folder`);
}

/** Whether Slurm may change its mind: a finished program is not run again, even when its job is requeued. */
function isFinal(result: RunResult): boolean {
  return result.exit_code === 0 && !result.checkpoint_asked && !result.terminated;
}

function isRunning(state: JobState): boolean {
  return state === 'pending' || state === 'running';
}

function stateOfRequest(request: 'checkpoint' | 'cancel'): JobState {
  return request === 'cancel' ? 'cancelled' : 'preempted';
}

/** Slurm sends the warning up to a minute early. */
function nearLimit({ runSeconds, limitSeconds }: SlurmJob, graceSeconds: number): boolean {
  return runSeconds !== null && limitSeconds !== null && runSeconds >= limitSeconds - graceSeconds - 90;
}
