import { z } from 'zod';
import { Sha256 } from './artifact-ref.ts';
import { HarnessName, Mode, RowLanguage } from './names.ts';
import { StudentBase } from './student.ts';
import { RowSelection } from './training.ts';

const count = z.int().min(0);

/** The forms that training files are written in, by their consumer. `openai-object` and `trl` are one form under two names. */
export const TrainingProfile = z.enum(['automodel', 'trl', 'openai-object', 'swift', 'sharegpt', 'atif', 'arrow']);
export type TrainingProfile = z.infer<typeof TrainingProfile>;

/** Context lengths of the retention curve, in tokens. */
export const retentionLengths = [32_768, 49_152, 65_536, 98_304, 131_072] as const;

/** Rows of one harness, mode and language, and what became of them. */
export const TrainingCell = z.object({
  harness: HarnessName,
  mode: Mode,
  language: RowLanguage,
  /** Rows that were written, and their tokens. */
  rows: count,
  tokens: count,
  trained_tokens: count,
  /** Code → rows that were left out. */
  dropped: z.record(z.string(), count),
  /** Rows that were written, in which a text of others reads as a control token and is shown escaped. */
  escaped: count,
  /** The longest row that was counted, whether it was written or too long. */
  longest: count,
  /** For each context length the rows that fit, of those that were counted. */
  retention: z.array(z.object({ tokens: count, rows: count })),
});
export type TrainingCell = z.infer<typeof TrainingCell>;

/** What decides the bytes of training files: equal inputs give equal files. */
export const TrainingFilesInputs = z.object({
  profile: TrainingProfile,
  base: StudentBase,
  rows: RowSelection,
  max_tokens: z.int().min(1),
  release_content_sha256: Sha256,
  chat_template_sha256: Sha256,
  tokenizer_sha256: Sha256,
  /** Of what writes the files. */
  writer: z.int(),
});
export type TrainingFilesInputs = z.infer<typeof TrainingFilesInputs>;

/** `training-files.json`: what the files hold and how they were made. It holds no time and no path of a machine. */
export const TrainingFilesManifest = z.object({
  format: z.literal(1),
  inputs: TrainingFilesInputs,
  release: z.object({ campaign: z.string(), version: z.string() }),
  /** Rows that were written, and their tokens. */
  rows: count,
  tokens: count,
  trained_tokens: count,
  /** Rows that were not asked for. */
  not_selected: count,
  /** Code → rows that were left out. */
  dropped: z.record(z.string(), count),
  cells: z.array(TrainingCell),
  files: z.array(z.object({ path: z.string(), rows: count, size_bytes: count, sha256: Sha256 })),
  /** Over one line a file, `<path> <sha256>`. */
  sha256: Sha256,
});
export type TrainingFilesManifest = z.infer<typeof TrainingFilesManifest>;
