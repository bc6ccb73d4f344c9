import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { Campaign } from './campaign.ts';
import { EvaluationFile } from './evaluation.ts';
import { ReportedProblem } from './reported-problem.ts';
import { RunName } from './student.ts';
import { TrainingFile } from './training.ts';

/** A pipeline file (YAML): the files of its steps. Relative paths are taken from the file's folder. */
export const PipelineFile = z.strictObject({
  name: RunName,
  campaign: z.string().min(1).optional().describe('campaign file; its release is what the students learn from'),
  training: z.string().min(1).optional().describe('training file; without `release` in it where a campaign makes it'),
  evaluations: z
    .array(
      z.strictObject({
        file: z.string().min(1).describe('evaluation file; one without a model of its own is run for each student'),
        /** Students that it is run for; by default all. */
        variants: z.array(RunName).min(1).optional(),
      }),
    )
    .default([]),
});
export type PipelineFile = z.infer<typeof PipelineFile>;

export const PipelineStage = z.enum(['campaign', 'training', 'evaluation', 'report']);
export type PipelineStage = z.infer<typeof PipelineStage>;

/** An evaluation, and the student that it measures: null for a model that the pipeline does not make. */
const PlannedEvaluation = z.object({ file: EvaluationFile, variant: RunName.nullable() });

/** A pipeline with the files of all its steps read in, so that a changed file changes nothing that runs. */
export const PipelineStart = z.object({
  name: RunName,
  /** Earlier stages are taken as they are. */
  from: PipelineStage,
  campaign: Campaign.nullable(),
  training: TrainingFile.nullable(),
  evaluations: z.array(PlannedEvaluation),
});
export type PipelineStart = z.infer<typeof PipelineStart>;

/** One step of a pipeline. `unchanged`: its inputs are those of an earlier run, whose result stands. */
export const PipelineStep = z.object({
  stage: PipelineStage,
  /** Of the campaign, of the training with its variant, of the evaluation. */
  name: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'unchanged', 'left_out', 'failed', 'not_run']),
  /** Milliseconds since 1970; null before it began, or ended. */
  started_at: z.number().nullable(),
  ended_at: z.number().nullable(),
  problem: ReportedProblem.nullable(),
});
export type PipelineStep = z.infer<typeof PipelineStep>;

/** Where a pipeline stands, as its workflow answers. */
export const PipelineProgress = z.object({ name: RunName, steps: z.array(PipelineStep) });
export type PipelineProgress = z.infer<typeof PipelineProgress>;

/** A pipeline as it is kept: what each step came to, and the records that its report was made from. */
export const PipelineRecord = z.object({
  format: z.literal(1),
  name: RunName,
  steps: z.array(PipelineStep),
  campaign: z.string().nullable(),
  /** Records in the store by the name of the training's variant, and of the evaluation. */
  trainings: z.record(z.string(), ArtifactRef),
  evaluations: z.record(z.string(), ArtifactRef),
});
export type PipelineRecord = z.infer<typeof PipelineRecord>;

/** What a pipeline made: its record, and the folder of its report. */
export const PipelineResult = z.object({ record: ArtifactRef, folder: z.string(), steps: z.array(PipelineStep) });
export type PipelineResult = z.infer<typeof PipelineResult>;

export const PipelineReportInput = z.object({ start: PipelineStart, steps: z.array(PipelineStep) });
export type PipelineReportInput = z.infer<typeof PipelineReportInput>;
