import { z } from 'zod';
import { ArtifactRef, Sha256 } from './artifact-ref.ts';
import { CampaignPlan } from './campaign-plan.ts';
import { EvaluationFile } from './evaluation.ts';
import { EvaluationRecord } from './evaluation-record.ts';
import { JobBackendSettings, JobRef, JobSpec, JobStatus } from './job.ts';
import { GraderName } from './grader-name.ts';
import { InstanceId, Mode } from './names.ts';
import { ReasoningForm } from './reasoning-form.ts';
import { ReportedProblem } from './reported-problem.ts';
import { RunName, StudentBase } from './student.ts';

/** What starts an evaluation: its file as it was read, with absolute paths. */
export const EvaluationStart = z.object({ file: EvaluationFile });
export type EvaluationStart = z.infer<typeof EvaluationStart>;

/** An evaluation as it runs, with everything read in that its file names. Kept in the store. */
export const EvaluationPlan = z.object({
  file: EvaluationFile,
  benchmark: EvaluationRecord.shape.benchmark.omit({ gold_failures: true }),
  /** The grader that reads rows of the benchmark's form; `none` where there is none but our own verification. */
  form: GraderName,
  /** {@link BenchmarkRows} of the instances, for the grader. */
  rows: ArtifactRef,
  /** What a reader of the scores has to know of the set. */
  notes: z.array(z.string()),
  /** The model that is served; null for an endpoint. */
  checkpoint: z
    .object({
      folder: z.string(),
      /** Over one line a file, `<path> <sha256>`, sorted. */
      sha256: Sha256,
      base: StudentBase,
      /** The training that made it, `NAME/VARIANT`. */
      training: z.string().nullable(),
      release_sha256: Sha256.nullable(),
      /** The longest row of that training, in tokens. */
      trained_tokens: z.int().nullable(),
    })
    .nullable(),
  /** The rollouts; the address of a model that has yet to be served is put in later. */
  rollouts: CampaignPlan,
  /** Of everything that decides what the rollouts are: an evaluation never mixes two. */
  inputs_sha256: Sha256,
});
export type EvaluationPlan = z.infer<typeof EvaluationPlan>;

/** Rows of a benchmark as its file has them, and why our own verification cannot judge an instance (null where it can). */
export const BenchmarkRows = z.array(
  z.object({ instance_id: InstanceId, no_cross_check: z.string().nullable(), row: z.record(z.string(), z.unknown()) }),
);
export type BenchmarkRows = z.infer<typeof BenchmarkRows>;

/** What planning says to the workflow. */
export const PlannedEvaluation = z.object({
  plan: ArtifactRef,
  inputs_sha256: Sha256,
  instances: z.int().min(0),
  rollouts: z.int().min(0),
  /** Of the server that has to be started; null for an endpoint. */
  serving: z.object({ backend: JobBackendSettings, restarts: z.int().min(0) }).nullable(),
  /** Where an endpoint answers. */
  base_url: z.string().nullable(),
  /** The record of an earlier run on the same inputs that left nothing to do. */
  finished: ArtifactRef.nullable(),
  /** Every rollout ended in an earlier run on the same inputs: no model is needed any more. */
  rollouts_done: z.boolean(),
});
export type PlannedEvaluation = z.infer<typeof PlannedEvaluation>;

export const EvaluationInput = z.object({ plan: ArtifactRef });
export type EvaluationInput = z.infer<typeof EvaluationInput>;

/** A server as a job. */
export const EvaluationServer = z.object({ backend: JobBackendSettings, spec: JobSpec, ref: JobRef, port: z.int() });
export type EvaluationServer = z.infer<typeof EvaluationServer>;

export const ServerInput = EvaluationInput.extend({ server: EvaluationServer });
export type ServerInput = z.infer<typeof ServerInput>;

export const AddressInput = EvaluationInput.extend({ base_url: z.string() });
export type AddressInput = z.infer<typeof AddressInput>;

/** What the canary found out about a model in one mode. */
export const CanaryReport = z.object({
  mode: Mode,
  strictness: EvaluationFile.shape.canary,
  passed: z.array(z.string()),
  /** What the server gave no means to check, with the reason. */
  unchecked: z.array(z.string()),
  /** How the server sent its reasoning; absent where it sent none. */
  reasoning_form: ReasoningForm.optional(),
});
export type CanaryReport = z.infer<typeof CanaryReport>;

/** A server that ended while it was needed, and the last lines of its output. */
export const ServerEnd = JobStatus.extend({ lines: z.array(z.string()) });
export type ServerEnd = z.infer<typeof ServerEnd>;

/** A server that gives tokens, or that ended in a way that is worth another submission. */
export const ServerStart = z.union([z.object({ base_url: z.string() }), z.object({ end: ServerEnd })]);
export type ServerStart = z.infer<typeof ServerStart>;

export const FinishEvaluationInput = EvaluationInput.extend({
  /** Verdicts of the benchmark's grader; null where it was not asked for. */
  grading: ArtifactRef.nullable(),
  canary: z.array(CanaryReport),
  /** Command line of the server; null for an endpoint, or where nothing was left to ask. */
  server: JobSpec.pick({ name: true, command: true }).nullable(),
  started_at: z.string(),
});
export type FinishEvaluationInput = z.infer<typeof FinishEvaluationInput>;

const count = z.int().min(0);

/** Rollouts of an evaluation by what became of them. */
export const OutcomeCounts = z.object({ outcomes: count, resolved: count, infra_errors: count, not_run: count });
export type OutcomeCounts = z.infer<typeof OutcomeCounts>;

export const EvaluationResult = z.object({
  evaluation: RunName,
  record: ArtifactRef,
  /** Holds predictions and reports. */
  folder: z.string(),
  counts: OutcomeCounts,
  /** It was finished before, and nothing was run. */
  unchanged: z.boolean(),
});
export type EvaluationResult = z.infer<typeof EvaluationResult>;

/** Where an evaluation stands, as its workflow answers. */
export const EvaluationProgress = z.object({
  evaluation: RunName,
  stage: z.enum(['planning', 'serving', 'canary', 'rollouts', 'grading', 'finishing', 'stopping', 'done', 'failed', 'cancelled']),
  host: z.string().nullable(),
  instances: count,
  rollouts: count,
  /** The campaign of its rollouts. */
  campaign: z.string(),
  server: z
    .object({
      job: z.string(),
      id: z.string(),
      /** Null until it gives tokens. */
      base_url: z.string().nullable(),
      /** Times that it ended while it was needed, by state. */
      ends: z.record(z.string(), count),
    })
    .nullable(),
  canary: z.array(CanaryReport),
  /** Times that rollouts lost to infrastructure were run again. */
  reruns: count,
  result: EvaluationResult.nullable(),
  problem: ReportedProblem.nullable(),
});
export type EvaluationProgress = z.infer<typeof EvaluationProgress>;
