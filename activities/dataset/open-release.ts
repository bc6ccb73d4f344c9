import type { DatasetRow } from '../../schemas/dataset-row.ts';
import type { HarnessName } from '../../schemas/names.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { ReleasedLedgerEntry, ReleaseManifest } from '../../schemas/release.ts';
import { readShard } from './shards/read-shard.ts';
import type { ReleaseFolder } from './release-folder.ts';

/** A release that was built. */
export interface OpenRelease {
  folder: ReleaseFolder;
  manifest: ReleaseManifest;
  /** Rows shard by shard, in the manifest's order; of one split, or all. */
  rows(split?: HarnessName): AsyncGenerator<DatasetRow>;
  ledger(): Promise<ReleasedLedgerEntry[]>;
}

/** Opens a release by its manifest. Throws `Problem` release_unreadable. */
export async function openRelease(folder: ReleaseFolder): Promise<OpenRelease> {
  const manifest = await readManifest(folder);
  return {
    folder,
    manifest,
    async *rows(split) {
      const shards = manifest.shards.filter((shard) => split === undefined || shard.split === split);
      for (const shard of shards) yield* readShard(await folder.localFile(shard.path), manifest.form);
    },
    async ledger() {
      const text = Buffer.from(await folder.read(manifest.ledger.path)).toString();
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => ReleasedLedgerEntry.parse(JSON.parse(line)));
    },
  };
}

async function readManifest(folder: ReleaseFolder): Promise<ReleaseManifest> {
  try {
    return ReleaseManifest.parse(JSON.parse(Buffer.from(await folder.read('manifest.json')).toString()));
  } catch (error) {
    throw new Problem('release_unreadable', `${folder.location} holds no release: ${messageOf(error)}`, {
      hint: 'give the folder that tracemill release build printed',
      cause: error,
    });
  }
}
