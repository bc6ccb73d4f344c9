import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isMissingFile } from '../../../platform/missing-file.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import type { ReleaseManifest } from '../../../schemas/release.ts';
import type { RowSelection } from '../../../schemas/training.ts';
import { type TrainingFilesInputs, TrainingFilesManifest } from '../../../schemas/training-files.ts';
import type { PoolOutcome } from './file-pool.ts';
import { totalsOf } from './tally.ts';

export const manifestName = 'training-files.json';

/** The manifest of files that were written. */
export function manifestOf(
  { campaign, version }: Pick<ReleaseManifest, 'campaign' | 'version'>,
  inputs: TrainingFilesInputs,
  { tally, not_selected }: Pick<PoolOutcome, 'tally' | 'not_selected'>,
  files: TrainingFilesManifest['files'],
): TrainingFilesManifest {
  const cells = tally.cells();
  const sha256 = createHash('sha256')
    .update(files.map(({ path, sha256: hash }) => `${path} ${hash}\n`).join(''))
    .digest('hex');
  return { format: 1, inputs, release: { campaign, version }, ...totalsOf(cells), not_selected, cells, files, sha256 };
}

/** Each list sorted and without what comes twice: equal selections are equal values. */
export function canonicalSelection({ modes, outcomes, languages, harnesses }: RowSelection): RowSelection {
  const ordered = <T extends string>(values: readonly T[]): T[] => [...new Set(values)].sort();
  return {
    ...(modes && { modes: ordered(modes) }),
    ...(outcomes && { outcomes: ordered(outcomes) }),
    ...(languages && { languages: ordered(languages) }),
    ...(harnesses && { harnesses: ordered(harnesses) }),
  };
}

/** Reads the manifest of training files. Throws `Problem` training_files_not_found, training_files_unreadable. */
export async function readTrainingFiles(folder: string): Promise<TrainingFilesManifest> {
  try {
    return TrainingFilesManifest.parse(JSON.parse(await readFile(join(folder, manifestName), 'utf8')));
  } catch (error) {
    const missing = isMissingFile(error);
    throw new Problem(
      missing ? 'training_files_not_found' : 'training_files_unreadable',
      `${folder} holds no training files: ${missing ? `there is no ${manifestName}` : messageOf(error)}`,
      { hint: 'write them: tracemill export RELEASE --for PROFILE --base BASE --out FOLDER', cause: error },
    );
  }
}

/** The manifest of files that were made of the same inputs and are all there in their full size; null where they are not. */
export async function completeFiles(folder: string, inputs: TrainingFilesInputs): Promise<TrainingFilesManifest | null> {
  const manifest = await readTrainingFiles(folder).catch(() => null);
  if (manifest === null || !isDeepStrictEqual(manifest.inputs, inputs)) return null;
  for (const { path, size_bytes } of manifest.files) {
    const found = await stat(join(folder, path)).catch(() => null);
    if (found?.size !== size_bytes) return null;
  }
  return manifest;
}
