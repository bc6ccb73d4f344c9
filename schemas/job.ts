import { z } from 'zod';
import { Sha256 } from './artifact-ref.ts';

/** What a job needs of the machines that it runs on. */
export const JobNeeds = z.object({
  nodes: z.int().min(1).default(1),
  gpus_per_node: z.int().min(0).default(0),
  /** Of one GPU; null where any will do. */
  gpu_memory_gb: z.number().positive().nullable().default(null),
  cpus_per_node: z.int().min(1).default(1),
  memory_mb_per_node: z.int().min(1).default(2048),
  /** After which the backend ends it; null for its own limit. */
  time_limit_seconds: z.number().positive().nullable().default(null),
});
export type JobNeeds = z.infer<typeof JobNeeds>;

const { nodes, gpus_per_node, gpu_memory_gb, cpus_per_node, memory_mb_per_node, time_limit_seconds } = JobNeeds.shape;

/** What a file asks for instead of what a program needs by itself: without defaults, so that what it leaves out stays. */
export const JobNeedsChange = z.strictObject({
  nodes: nodes.unwrap().optional(),
  gpus_per_node: gpus_per_node.unwrap().optional(),
  gpu_memory_gb: gpu_memory_gb.unwrap().optional(),
  cpus_per_node: cpus_per_node.unwrap().optional(),
  memory_mb_per_node: memory_mb_per_node.unwrap().optional(),
  time_limit_seconds: time_limit_seconds.unwrap().optional(),
});

/**
 * One run of a program. `name` is derived from what it runs, so that the same job is never submitted twice; `folder` is
 * reached by the job and by the worker, is `<home>/jobs/<name>`, and holds its log, its claims and its results.
 */
export const JobSpec = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower-case letters, digits and "-", 1 to 63 characters, starting with a letter'),
  kind: z.enum(['training', 'serving']),
  folder: z.string().startsWith('/'),
  command: z.array(z.string()).min(1),
  environment: z.record(z.string(), z.string()),
  needs: JobNeeds,
  /** Between the request to write a checkpoint and the end of the job. */
  grace_seconds: z.number().positive(),
  /** The container image, where the backend runs one; null for the machine as it is. */
  image: z.string().nullable(),
  /** Of everything that decides what the job does: a job of the same name with another one is not adopted. */
  spec_sha256: Sha256,
});
export type JobSpec = z.infer<typeof JobSpec>;

/** Where a job runs. */
export const JobBackendSettings = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('local') }),
  z.strictObject({
    type: z.literal('slurm'),
    partition: z.string().optional(),
    account: z.string().optional(),
    qos: z.string().optional(),
    /** Lines given to sbatch as they are, such as `--constraint=h100`. */
    options: z.array(z.string().startsWith('--')).default([]),
  }),
  z.strictObject({
    type: z.literal('kubernetes'),
    /** Of the kubeconfig; by default its current one. */
    context: z.string().optional(),
    namespace: z.string().default('default'),
    /** `job`: a plain Job on one node; `trainjob`: Kubeflow's TrainJob. */
    kind: z.enum(['job', 'trainjob']).default('job'),
    runtime: z.string().default('torch-distributed'),
    image: z.string(),
    /** A volume claim that holds the run folders, and where it is mounted. */
    volume: z.strictObject({ claim: z.string(), mount: z.string().startsWith('/') }).optional(),
  }),
]);
export type JobBackendSettings = z.infer<typeof JobBackendSettings>;

/** A submitted job. Ids are used again by some backends: id, name and time together identify it. */
export const JobRef = z.object({
  name: z.string(),
  id: z.string(),
  submitted_at: z.string(),
  /** 1 for the first job of this name, one more after each that ended. Its claim and result are in the run folder under it. */
  submission: z.int().min(1),
});
export type JobRef = z.infer<typeof JobRef>;

const JobState = z.enum([
  'pending',
  'running',
  /** The program ended by itself with exit code 0, and nobody had asked it to stop. */
  'completed',
  'failed',
  'out_of_memory',
  'timed_out',
  /** Ended before its program was done, at a checkpoint where it could write one: by the backend, or by `signal`. */
  'preempted',
  'node_failed',
  'cancelled',
  /** The backend knows nothing of it any more, and it left no result. */
  'lost',
]);
export type JobState = z.infer<typeof JobState>;

export const JobStatus = z.object({
  state: JobState,
  exit_code: z.int().nullable(),
  /** The backend's own word and reason, for people. */
  detail: z.string(),
  /** How often the backend itself started it again. */
  restarts: z.int().min(0),
});
export type JobStatus = z.infer<typeof JobStatus>;

/** Why a job did not complete. */
export const JobCause = z.enum([
  'out_of_memory',
  'preempted',
  'time_limit',
  'node_failure',
  'gpu_failure',
  'communication_failure',
  'not_a_number',
  'file_exists',
  'missing_module',
  'missing_program',
  'disk_full',
  'cancelled',
  'lost',
  'unknown',
]);
export type JobCause = z.infer<typeof JobCause>;

/** What is known of a job that did not complete. */
export const JobFailure = z.object({
  cause: JobCause,
  /** Whether the same job, submitted again on the same run folder, may go on. */
  retryable: z.boolean(),
  /** One sentence for people. */
  detail: z.string(),
  /** The lines of its output that show it: the telling ones, else the last ones. */
  lines: z.array(z.string()),
});
export type JobFailure = z.infer<typeof JobFailure>;

/** How far a job is, as the worker that supervises it last read: `progress.json` in the run folder. */
export const JobProgress = z.object({
  step: z.int().nullable(),
  total_steps: z.int().nullable(),
  loss: z.number().nullable(),
  /** Folder of the newest complete checkpoint. */
  checkpoint: z.string().nullable(),
  updated_at: z.string(),
});
export type JobProgress = z.infer<typeof JobProgress>;

/** What the command line needs to find a job again: `job.json` in the run folder. */
export const JobRecord = z.object({ format: z.literal(1), spec: JobSpec, backend: JobBackendSettings, submissions: z.array(JobRef) });
export type JobRecord = z.infer<typeof JobRecord>;
