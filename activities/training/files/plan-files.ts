import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../../schemas/problem.ts';
import type { ReleaseManifest } from '../../../schemas/release.ts';
import { rowGroupsOf } from '../../tables/learnable-rows.ts';
import type { FileUnit } from './unit.ts';

/** About 110 MB of text at the published mean length: small enough to share among threads, large enough to be few. */
const rowsAFile = 500;

interface Release {
  manifest: Pick<ReleaseManifest, 'shards'>;
  /** Path of one of its files on this machine. */
  localFile: (path: string) => Promise<string>;
}

/**
 * Which rows of a release go into which file. It depends on the release alone, not on the number of threads, so that equal
 * releases give equal files. Throws `Problem` release_damaged for a shard that is not as the manifest says.
 */
export async function planFiles({ manifest, localFile }: Release, folder: string): Promise<FileUnit[]> {
  const units: FileUnit[] = [];
  for (const { path, split, rows, size_bytes } of manifest.shards) {
    const shard = await localFile(path);
    const { size } = await stat(shard).catch((error: unknown) => {
      throw damaged(shard, 'it is missing', error);
    });
    if (size !== size_bytes) throw damaged(shard, `it has ${size} bytes, the manifest says ${size_bytes}`);
    const groups = await rowGroupsOf(shard);
    const found = groups.reduce((sum, count) => sum + count, 0);
    if (found !== rows) throw damaged(shard, `it has ${found} rows, the manifest says ${rows}`);
    for (const unit of runsOf(groups)) {
      const number = units.length;
      units.push({ number, harness: split, shard, ...unit, out: join(folder, `unit-${String(number).padStart(5, '0')}`) });
    }
  }
  return units;
}

/** Neighbouring row groups, together at least `rowsAFile` rows where there are as many. */
function runsOf(groups: readonly number[]): Pick<FileUnit, 'groups' | 'rows'>[] {
  const runs: Pick<FileUnit, 'groups' | 'rows'>[] = [];
  let from = 0;
  let rows = 0;
  groups.forEach((count, index) => {
    rows += count;
    if (rows < rowsAFile && index < groups.length - 1) return;
    if (rows > 0) runs.push({ groups: { from, to: index + 1 }, rows });
    from = index + 1;
    rows = 0;
  });
  return runs;
}

function damaged(shard: string, what: string, cause?: unknown): Problem {
  return new Problem('release_damaged', `shard ${shard}: ${what}`, {
    hint: 'copy the release again, or build it again: tracemill release build',
    cause,
  });
}
