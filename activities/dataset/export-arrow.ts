import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import type { ExportedFile } from '../../schemas/exported-file.ts';
import type { HarnessName } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';
import { writeArrowStream } from './arrow-stream.ts';
import type { OpenRelease } from './open-release.ts';

export interface ArrowExport {
  /** The file; of several splits each goes into a file of its own, with its name before the suffix. */
  out: string;
  /** That split alone. */
  split?: string;
  onRow?: () => void;
  signal?: AbortSignal;
}

/**
 * Writes the rows of a release as Arrow IPC streams, one file a split, with the columns and values of its Parquet shards.
 * A file appears once it is complete. Throws `Problem` unknown_split.
 */
export async function exportArrow(release: OpenRelease, { out, split: wanted, onRow, signal }: ArrowExport): Promise<ExportedFile[]> {
  const splits = [...new Set(release.manifest.shards.map(({ split }) => split))].sort();
  const chosen = wanted === undefined ? splits : splits.filter((split) => split === wanted);
  if (chosen.length === 0) {
    const hint = splits.length === 0 ? 'it has no rows' : `its splits: ${splits.join(', ')}`;
    throw new Problem('unknown_split', wanted === undefined ? 'the release has no split' : `the release has no split ${wanted}`, { hint });
  }
  const files: ExportedFile[] = [];
  for (const split of chosen) {
    const path = chosen.length === 1 ? resolve(out) : pathOf(out, split);
    files.push({ split, path, ...(await writeFile(path, counted(release.rows(split), onRow, signal))) });
  }
  return files;
}

/** `rows.arrow` → `rows.SPLIT.arrow` */
function pathOf(out: string, split: HarnessName): string {
  const { dir, name, ext } = parse(resolve(out));
  return join(dir, `${name}.${split}${ext}`);
}

async function writeFile(path: string, rows: AsyncIterable<DatasetRow>): Promise<Pick<ExportedFile, 'rows' | 'sha256' | 'size_bytes'>> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  try {
    const file = await open(partial, 'w');
    const digest = createHash('sha256');
    let size_bytes = 0;
    let count: number;
    try {
      count = await writeArrowStream(async (bytes) => {
        digest.update(bytes);
        size_bytes += bytes.length;
        await file.writeFile(bytes);
      }, rows);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    return { rows: count, sha256: digest.digest('hex'), size_bytes };
  } finally {
    await rm(partial, { force: true });
  }
}

async function* counted(rows: AsyncIterable<DatasetRow>, onRow?: () => void, signal?: AbortSignal): AsyncGenerator<DatasetRow> {
  for await (const row of rows) {
    signal?.throwIfAborted();
    onRow?.();
    yield row;
  }
}
