import { z } from 'zod';
import { ArtifactRef, Sha256 } from './artifact-ref.ts';
import { JobBackendSettings, JobCause, JobNeeds, JobRef, JobSpec, JobStatus } from './job.ts';
import { ReportedProblem } from './reported-problem.ts';
import { RunName, StudentBase } from './student.ts';
import { TrainingFile } from './training.ts';

/** One variant of a training file whose paths are absolute: what a training's workflow starts with. */
export const TrainingStart = z.object({ file: TrainingFile, variant: RunName });
export type TrainingStart = z.infer<typeof TrainingStart>;

/** A variant whose every input was read and found good, before anything is spent. */
export const TrainingPlan = z.object({
  training: RunName,
  variant: RunName,
  base: StudentBase,
  /** Everything that this training writes lies below it: files, configuration, checkpoints, jobs. */
  folder: z.string(),
  /** Of everything that decides what is learned. The folder is named by it. */
  inputs_sha256: Sha256,
  release: z.object({ folder: z.string(), content_sha256: Sha256, rows: z.int() }),
  /** The form of its training files. */
  profile: z.enum(['automodel', 'openai-object', 'swift']),
  /** What the job will ask of the backend. */
  needs: JobNeeds,
  /** The checkpoint record of a finished training on the same inputs, whose model is still there. */
  finished: ArtifactRef.nullable(),
});
export type TrainingPlan = z.infer<typeof TrainingPlan>;

/** The files that a student learns from. */
export const TrainingFilesResult = z.object({
  rows: z.int(),
  tokens: z.int(),
  trained_tokens: z.int(),
  /** Rule → rows that it left out. */
  dropped: z.record(z.string(), z.int()),
  /** Over one line a file, `<path> <sha256>`, sorted. */
  sha256: Sha256,
});
export type TrainingFilesResult = z.infer<typeof TrainingFilesResult>;

export const JobInput = z.object({ backend: JobBackendSettings, spec: JobSpec });
export type JobInput = z.infer<typeof JobInput>;

/** `again`: how many jobs of this name have ended before. */
export const SubmitInput = JobInput.extend({ again: z.int().min(0) });
export type SubmitInput = z.infer<typeof SubmitInput>;

export const TrainingInput = z.object({ start: TrainingStart, plan: TrainingPlan });
export type TrainingInput = z.infer<typeof TrainingInput>;

export const TrainingJobInput = TrainingInput.extend({ files: TrainingFilesResult });
export type TrainingJobInput = z.infer<typeof TrainingJobInput>;

/** What is to be run, and how many jobs of its name an earlier start of the same training has seen end. */
export const PreparedTraining = z.object({ spec: JobSpec, again: z.int().min(0) });
export type PreparedTraining = z.infer<typeof PreparedTraining>;

/** What is known of a training's job while it is watched; travels in heartbeats. */
export const JobWatch = z.object({
  state: JobStatus.shape.state,
  /** The backend's own words. */
  detail: z.string(),
  step: z.int().nullable(),
  total: z.int().nullable(),
  loss: z.number().nullable(),
  /** Newest checkpoint that is complete. */
  checkpoint: z.string().nullable(),
  /** Bytes of the job's output that were read. */
  log_offset: z.int().min(0),
  /** What the trainer made of the training files; null until it says it. */
  counted: z.object({ rows: z.int(), tokens: z.int(), trained_tokens: z.int() }).nullable(),
  /** When output was last seen to grow. */
  heard_at: z.string().nullable(),
});
export type JobWatch = z.infer<typeof JobWatch>;

/** A job to be watched to its end. `before`: where the watch of the job before it ended, since the output of both is one file. */
export const SuperviseInput = TrainingJobInput.extend({ spec: JobSpec, ref: JobRef, before: JobWatch.nullable() });
export type SuperviseInput = z.infer<typeof SuperviseInput>;

/** How a job ended, and why where it failed. */
export const JobEnd = JobStatus.extend({
  watch: JobWatch,
  cause: JobCause.nullable(),
  /** Null for one that completed. */
  problem: ReportedProblem.nullable(),
  /** Submitted again it goes on from its last checkpoint: nothing is wrong with the work itself. */
  resumable: z.boolean(),
});
export type JobEnd = z.infer<typeof JobEnd>;

export const FinishInput = TrainingJobInput.extend({
  spec: JobSpec,
  ref: JobRef,
  end: JobEnd,
  /** Of all its jobs since the training was started. */
  seconds: z.number().min(0),
});
export type FinishInput = z.infer<typeof FinishInput>;

/** What a training made: its record, and its loss curve as SVG. */
export const TrainingResult = z.object({
  record: ArtifactRef,
  curve: ArtifactRef.nullable(),
  folder: z.string(),
  /** It was finished before, and nothing was run. */
  unchanged: z.boolean(),
});
export type TrainingResult = z.infer<typeof TrainingResult>;

/** Where a training stands, as its workflow answers. */
export const TrainingProgress = z.object({
  training: RunName,
  variant: RunName,
  stage: z.enum(['checking', 'writing_files', 'submitting', 'running', 'cancelling', 'finishing', 'done', 'failed', 'cancelled']),
  host: z.string().nullable(),
  plan: TrainingPlan.nullable(),
  files: TrainingFilesResult.nullable(),
  job: z.object({ name: z.string(), id: z.string().nullable() }).nullable(),
  /** Jobs that this training has run, those of earlier starts included. */
  submissions: z.int().min(0),
  /** Times that a job of this start was submitted again, by the cause that had ended the one before. */
  resubmissions: z.record(z.string(), z.int()),
  resubmissions_left: z.int().min(0),
  /** Why the newest job ended, or the training failed. */
  problem: ReportedProblem.nullable(),
});
export type TrainingProgress = z.infer<typeof TrainingProgress>;
