import { readdir, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isMissingFile } from '../../../platform/missing-file.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { StudentBase } from '../../../schemas/student.ts';
import type { RowSelection } from '../../../schemas/training.ts';
import type { TrainingCell, TrainingFilesInputs, TrainingFilesManifest, TrainingProfile } from '../../../schemas/training-files.ts';
import { localReleaseFolder, openRelease } from '../../dataset/index.ts';
import { chatTemplate } from '../../rendering/chat-template.ts';
import { tokenizerSha256 } from '../../rendering/student-tokenizer.ts';
import { doUnits, type PoolOutcome } from './file-pool.ts';
import { canonicalSelection, completeFiles, manifestName, manifestOf } from './manifest.ts';
import { matchingRows } from './matching-rows.ts';
import { planFiles } from './plan-files.ts';
import { profiles } from './profiles/registry.ts';

/** Of what decides the bytes here; a change that alters files of equal inputs raises it. */
const writer = 1;

interface RowsRequest {
  /** Folder of the release. */
  release: string;
  base: StudentBase;
  rows: RowSelection;
  /** Threads; by default one for each core, at most eight. */
  jobs?: number;
  /** Called now and then while rows are read. */
  onProgress?: (progress: RowsProgress) => void;
  signal?: AbortSignal;
}

export interface TrainingFilesRequest extends RowsRequest {
  profile: TrainingProfile;
  /** Rows with more tokens are left out and counted. */
  max_tokens: number;
  /** The folder of the files; replaced as a whole once the new one is complete. */
  out: string;
}

export interface RowsProgress {
  /** Rows read, of those of the release. */
  rows: number;
  of: number;
}

export interface TrainingFiles {
  folder: string;
  manifest: TrainingFilesManifest;
  /** Complete files of equal inputs were there already. */
  reused: boolean;
}

/**
 * Writes the rows of a release in the form of a trainer, with a manifest. The same release, selection and limit give the same
 * bytes, whatever the number of threads. Memory is bounded whatever the size of the release. A run that died leaves nothing
 * behind that the next one would take for files. Throws `Problem` release_unreadable, release_damaged, no_matching_rows, bad_output.
 */
export async function writeTrainingFiles(request: TrainingFilesRequest): Promise<TrainingFiles> {
  const { profile, base, rows, max_tokens, signal } = request;
  const folder = resolve(request.out);
  const release = await openForTraining(request);
  const inputs: TrainingFilesInputs = {
    profile,
    base,
    rows: canonicalSelection(rows),
    max_tokens,
    release_content_sha256: release.manifest.content_sha256,
    chat_template_sha256: chatTemplate(base).sha256,
    tokenizer_sha256: tokenizerSha256,
    writer,
  };
  await requireOwnFolder(folder);
  const complete = await completeFiles(folder, inputs);
  if (complete !== null) return { folder, manifest: complete, reused: true };
  return await localReleaseFolder(folder).replace(
    async (draft) => {
      const building = dirname(await draft.localFile(manifestName));
      const outcome = await doUnits(await planFiles(release, building), poolOptions(request, release.manifest.rows, profile, max_tokens));
      const files = await numbered(outcome.files, building, profiles[profile].suffix);
      const manifest = manifestOf(release.manifest, inputs, outcome, files);
      const file = await draft.create(manifestName);
      await file.write(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
      await file.close();
      return { folder, manifest, reused: false };
    },
    { ...(signal && { signal }) },
  );
}

/** How many rows fit which context length, cell by cell, and what is left out with a limit; nothing is written. Throws as `writeTrainingFiles`. */
export async function measureRetention(request: RowsRequest & { max_tokens?: number }): Promise<TrainingCell[]> {
  const release = await openForTraining(request);
  const units = await planFiles(release, '');
  const { tally } = await doUnits(units, poolOptions(request, release.manifest.rows, null, request.max_tokens ?? Number.MAX_SAFE_INTEGER));
  return tally.cells();
}

async function openForTraining({ release, rows }: RowsRequest) {
  const folder = localReleaseFolder(release);
  const { manifest } = await openRelease(folder);
  matchingRows(manifest, rows);
  return { manifest, localFile: (path: string) => folder.localFile(path) };
}

function poolOptions(
  { base, rows, jobs, onProgress, signal }: RowsRequest,
  of: number,
  profile: TrainingProfile | null,
  max_tokens: number,
): Parameters<typeof doUnits>[1] {
  return {
    profile,
    base,
    rows,
    max_tokens,
    ...(jobs !== undefined && { jobs }),
    ...(signal && { signal }),
    ...(onProgress && { onRows: (read: number) => onProgress({ rows: read, of }) }),
  };
}

/** `train-00000-of-00003.jsonl`, in the order of the release. */
async function numbered(files: PoolOutcome['files'], folder: string, suffix: string): Promise<TrainingFilesManifest['files']> {
  const number = (value: number) => String(value).padStart(5, '0');
  const written: TrainingFilesManifest['files'] = [];
  for (const [index, { unit, rows, size_bytes, sha256 }] of files.entries()) {
    const path = `train-${number(index)}-of-${number(files.length)}${suffix}`;
    await rename(unit.out, join(folder, path));
    written.push({ path, rows, size_bytes, sha256 });
  }
  return written;
}

/** The folder is replaced as a whole: one that holds anything else is not ours to remove. */
async function requireOwnFolder(folder: string): Promise<void> {
  const names: string[] = await readdir(folder).catch((error: unknown) => {
    if (isMissingFile(error)) return [];
    throw new Problem('bad_output', `${folder} cannot take training files`, {
      hint: 'name a folder that does not exist yet',
      cause: error,
    });
  });
  if (names.length === 0 || names.includes(manifestName)) return;
  throw new Problem('bad_output', `${folder} holds something else than training files: ${names.slice(0, 3).join(', ')}`, {
    hint: 'name an empty folder, or one that does not exist yet',
  });
}
