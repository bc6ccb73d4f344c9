import { z } from 'zod';
import { Sha256 } from './artifact-ref.ts';
import { JobBackendSettings, JobNeedsChange } from './job.ts';
import { HarnessName, Mode, RowLanguage } from './names.ts';
import { RunName, StudentBase } from './student.ts';

/** Which rows of a release a student learns from; what is left out means all. */
export const RowSelection = z.strictObject({
  modes: z.array(Mode).min(1).optional(),
  outcomes: z
    .array(z.enum(['resolved', 'unresolved', 'unknown']))
    .min(1)
    .optional(),
  languages: z.array(RowLanguage).min(1).optional(),
  harnesses: z.array(HarnessName).min(1).optional(),
});
export type RowSelection = z.infer<typeof RowSelection>;

/** One student of a matrix: a base and the rows it learns from. Each ablation is one of these. */
export const TrainingVariant = z.strictObject({
  base: StudentBase,
  /** Name on a hub or folder of the base model; by default the public model of the base. */
  model: z.string().optional(),
  /** Of the model's `tokenizer.json`, where it is a folder with another tokenizer than the public models have. */
  tokenizer_sha256: Sha256.optional(),
  rows: RowSelection.prefault({}),
  /** The trainer's settings that differ for this variant. */
  settings: z.record(z.string(), z.unknown()).default({}),
});
export type TrainingVariant = z.infer<typeof TrainingVariant>;

/** A training file (YAML). Relative paths are taken from the file's folder. */
export const TrainingFile = z.strictObject({
  name: RunName,
  release: z.string().min(1).describe('folder of a release'),
  variants: z.record(RunName, TrainingVariant).refine((variants) => Object.keys(variants).length > 0, 'no variant'),
  trainer: z.strictObject({
    name: z.string().min(1).describe('automodel, trl or axolotl'),
    preset: z.string().default('open-swe-traces'),
    settings: z.record(z.string(), z.unknown()).default({}),
  }),
  /** Rows with more tokens are left out and counted, never cut. */
  max_tokens: z.int().min(1).default(131_072),
  backend: JobBackendSettings.default({ type: 'local' }),
  needs: JobNeedsChange.optional().describe('instead of what the trainer asks for'),
  /** Times that a job that was preempted or ran out of time is submitted again. */
  resubmissions: z.int().min(0).default(20),
});
export type TrainingFile = z.infer<typeof TrainingFile>;

/** What a training made: everything needed to serve the student and to say how it came about. */
export const CheckpointRecord = z.object({
  format: z.literal(1),
  training: RunName,
  variant: RunName,
  base: StudentBase,
  /** Folder in the form of Hugging Face: config, tokenizer, safetensors. */
  folder: z.string(),
  /** Over one line a file, `<path> <sha256>`, sorted. */
  sha256: Sha256,
  release: z.object({ folder: z.string(), content_sha256: Sha256 }),
  files: z.object({ rows: z.int(), tokens: z.int(), trained_tokens: z.int(), dropped: z.record(z.string(), z.int()), sha256: Sha256 }),
  /** The longest row that was let in, in tokens; null in records that did not say it yet. */
  max_tokens: z.int().nullable().default(null),
  chat_template_sha256: Sha256,
  tokenizer_sha256: Sha256,
  trainer: z.object({ name: z.string(), version: z.string(), config_sha256: Sha256 }),
  job: z.object({ name: z.string(), submissions: z.int(), seconds: z.number() }),
  metrics: z.object({ steps: z.int(), first_loss: z.number().nullable(), last_loss: z.number().nullable() }),
  /** Step → loss, as the trainer reported it. */
  losses: z.array(z.object({ step: z.int(), loss: z.number() })),
});
export type CheckpointRecord = z.infer<typeof CheckpointRecord>;
