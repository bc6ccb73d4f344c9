import { stat } from 'node:fs/promises';
import { Problem } from '../../../schemas/problem.ts';
import { isUrl } from '../../tables/byte-source.ts';
import { unitsOf } from '../../ingestion/index.ts';

/** A file, an address, or a folder that is one trajectory. */
export interface InputFile {
  path: string;
  folder: boolean;
  /** Bytes; 0 where unknown. */
  size: number;
}

/** What to scan: files and addresses named, and all that holds trajectories below directories named. Throws `Problem` input_not_found. */
export async function inputFiles(paths: readonly string[]): Promise<InputFile[]> {
  const files: InputFile[] = [];
  for (const path of paths) {
    if (isUrl(path)) {
      files.push({ path, folder: false, size: 0 });
      continue;
    }
    const found = await stat(path).catch(() => undefined);
    if (found === undefined)
      throw new Problem('input_not_found', `${path} does not exist`, { hint: 'give files, directories, or - for standard input' });
    const before = files.length;
    for (const unit of unitsOf(path)) {
      if (unit.kind === 'folder') files.push({ path: unit.folder.path, folder: true, size: 0 });
      else files.push({ path: unit.path, folder: false, size: (await stat(unit.path)).size });
    }
    // Reading it says that there is nothing in it.
    if (files.length === before) files.push({ path, folder: true, size: 0 });
  }
  return files;
}
