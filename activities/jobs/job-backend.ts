import type { JobRef, JobSpec, JobStatus } from '../../schemas/job.ts';

/**
 * Runs programs outside the worker: a process of this machine, a Slurm job, a Kubernetes job. Any backend that keeps these
 * promises will do. Throws `Problem` job_backend_unreachable (worth trying again), job_refused (for good) or job_unmet_need.
 */
export interface JobBackend {
  /** For people: `local`, `slurm`, `kubernetes`. */
  readonly name: string;
  /** Throws `Problem` job_unmet_need when no machine of the backend has what the job needs, before anything is submitted. */
  check(spec: JobSpec): Promise<void>;
  /** The newest job of this name in its run folder, whether it runs or has ended; null when there is none. */
  find(spec: Pick<JobSpec, 'name' | 'folder'>): Promise<JobRef | null>;
  /**
   * Starts the job unless it exists: a job of the same name and `spec_sha256` is adopted, however the call that submitted it
   * ended. One of another `spec_sha256` is `job_refused`. `again`: how many jobs of this name the caller saw end. A new one
   * starts only when exactly that many have ended and none runs; when more are known, the newest is adopted.
   */
  submit(spec: JobSpec, again: number): Promise<JobRef>;
  status(ref: JobRef, spec: JobSpec): Promise<JobStatus>;
  /** Asks the job to write a checkpoint and to end by itself. */
  signal(ref: JobRef, spec: JobSpec, signal: 'checkpoint'): Promise<void>;
  /** Ends the job, by way of a checkpoint where the grace allows. Resolves once it is gone; idempotent. */
  cancel(ref: JobRef, spec: JobSpec): Promise<void>;
  /** Output from byte `offset` on, at most `maxBytes`; `next` is where the next read begins. */
  logs(ref: JobRef, spec: JobSpec, offset: number, maxBytes: number): Promise<{ text: string; next: number }>;
}
