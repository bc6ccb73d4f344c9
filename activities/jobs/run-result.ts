import type { JobStatus } from '../../schemas/job.ts';
import type { RunResult } from './run-folder.ts';

/**
 * The state of a job that left a result. `request`: what was asked of it; `outOfTime`: whether the backend asked it to end
 * because of its time limit, which the job itself cannot know.
 */
export function statusOfResult(result: RunResult, request: 'checkpoint' | 'cancel' | null, outOfTime = false): JobStatus {
  const status = (state: JobStatus['state'], detail: string): JobStatus => ({
    state,
    exit_code: result.exit_code,
    detail: `${detail}; ${exitInWords(result.exit_code)}`,
    restarts: result.restart,
  });
  const asked = result.checkpoint_asked || result.terminated;
  if (asked && request === 'cancel') return status('cancelled', 'cancelled on request');
  if (asked && (result.timed_out || outOfTime)) return status('timed_out', 'its time limit ended it');
  if (result.exit_code === 137 && result.oom_kills > 0) {
    return status('out_of_memory', 'the kernel killed processes for want of memory while it ran');
  }
  // A program that was told to end may say so by any exit code.
  if (asked && request === 'checkpoint') return status('preempted', 'ended at a checkpoint, as asked');
  if (asked) return status('preempted', 'told to end by the machine or its scheduler');
  if (result.exit_code === 0) return status('completed', 'ended by itself');
  return status('failed', 'ended by itself');
}

/** An exit code as people read it: 137 is signal KILL. */
export function exitInWords(code: number): string {
  const signal = { 1: 'HUP', 2: 'INT', 4: 'ILL', 6: 'ABRT', 7: 'BUS', 8: 'FPE', 9: 'KILL', 11: 'SEGV', 15: 'TERM' }[code - 128];
  return `exit code ${code}${signal === undefined ? '' : ` (signal ${signal})`}`;
}
