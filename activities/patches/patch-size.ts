import { changedLineCount, type PatchFile } from './patch.ts';

/** How much a patch changes, as tasks and rows state it. */
export interface PatchSize {
  /** A renamed file counts once, a binary one too. */
  num_modified_files: number;
  /** Lines added and lines removed. */
  num_modified_lines: number;
}

/** Counts the files and lines of a patch that `parsePatch` read. */
export function patchSize(files: PatchFile[]): PatchSize {
  return { num_modified_files: files.length, num_modified_lines: files.reduce((sum, file) => sum + changedLineCount(file), 0) };
}
