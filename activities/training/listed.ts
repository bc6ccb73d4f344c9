import { readdir } from 'node:fs/promises';
import { isMissingFile } from '../../platform/missing-file.ts';

/** The names in a folder; none where there is no folder yet. */
export async function listed(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}
