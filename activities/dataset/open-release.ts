import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { ReleasedLedgerEntry, ReleaseManifest } from '../../schemas/release.ts';
import { readShard } from './read-shard.ts';

/** A release on disk. */
export interface OpenRelease {
  folder: string;
  manifest: ReleaseManifest;
  /** Rows shard by shard, in the manifest's order. */
  rows(): AsyncGenerator<DatasetRow>;
  ledger(): Promise<ReleasedLedgerEntry[]>;
}

/** Opens a release by its manifest. Throws `Problem` release_unreadable. */
export async function openRelease(folder: string): Promise<OpenRelease> {
  const manifest = await readManifest(folder);
  return {
    folder,
    manifest,
    async *rows() {
      for (const shard of manifest.shards) yield* readShard(join(folder, shard.path));
    },
    async ledger() {
      const text = await readFile(join(folder, manifest.ledger.path), 'utf8');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => ReleasedLedgerEntry.parse(JSON.parse(line)));
    },
  };
}

async function readManifest(folder: string): Promise<ReleaseManifest> {
  const path = join(folder, 'manifest.json');
  try {
    return ReleaseManifest.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new Problem('release_unreadable', `${path} is no manifest of a release: ${messageOf(error)}`, {
      hint: 'give the folder that tracemill release build printed',
      cause: error,
    });
  }
}
