import { stat } from 'node:fs/promises';
import { Problem } from '../../../schemas/problem.ts';
import { unitsOf } from '../../ingestion/index.ts';

export interface InputFile {
  path: string;
  /** `other` for documents and folders that ingestion reads as a whole. */
  form: 'lines' | 'parquet' | 'other';
  /** Bytes; 0 where unknown. */
  size: number;
}

/** What to scan: the files named, and all that hold trajectories below the directories named. Throws `Problem` input_not_found. */
export async function inputFiles(paths: readonly string[]): Promise<InputFile[]> {
  const files: InputFile[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined)
      throw new Problem('input_not_found', `${path} does not exist`, { hint: 'give files, directories, or - for standard input' });
    for (const unit of unitsOf(path)) {
      if (unit.kind === 'folder') files.push({ path: unit.folder.path, form: 'other', size: 0 });
      else files.push({ path: unit.path, form: formOf(unit.path), size: (await stat(unit.path)).size });
    }
  }
  return files;
}

function formOf(path: string): InputFile['form'] {
  if (/\.parquet$/i.test(path)) return 'parquet';
  return /\.(?:json|traj|eval|gz|gzip|zst|zstd|xz|bz2|lz4|zip|7z|tar|tgz)$/i.test(path) ? 'other' : 'lines';
}
