import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import type { HarnessName } from '../../schemas/names.ts';
import type { ReleaseManifest } from '../../schemas/release.ts';
import { FilterTally } from './filter-tally.ts';
import { shardFolder, shardName } from './layout.ts';
import { Statistics } from './statistics.ts';

export interface PlannedShard {
  path: string;
  split: HarnessName;
  /** Trajectory ids of its rows, sorted. */
  ids: string[];
}

export interface ReleasePlan {
  shards: PlannedShard[];
  filters: ReleaseManifest['filters'];
  statistics: ReleaseManifest['statistics'];
}

/**
 * What goes where, from the ledger alone. Entries come sorted by id; only ids of kept ones are held in memory. As long as
 * the entries come in pages, the event loop runs between them, however many there are.
 */
export async function planRelease(entries: AsyncIterable<LedgerEntry>, rowsPerShard: number): Promise<ReleasePlan> {
  const folders = new Map<string, { split: HarnessName; ids: string[] }>();
  const [tally, statistics] = [new FilterTally(), new Statistics()];
  for await (const entry of entries) {
    tally.add(entry);
    if (!entry.kept) continue;
    statistics.add(entry);
    const folder = shardFolder(entry);
    const known = folders.get(folder) ?? { split: entry.key.harness, ids: [] };
    known.ids.push(entry.id);
    folders.set(folder, known);
  }
  const sorted = [...folders.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    shards: sorted.flatMap(([folder, { split, ids }]) => shardsOf(folder, split, ids, rowsPerShard)),
    filters: tally.tallies(),
    statistics: statistics.cells(),
  };
}

function shardsOf(folder: string, split: HarnessName, ids: string[], rowsPerShard: number): PlannedShard[] {
  const total = Math.ceil(ids.length / rowsPerShard);
  return Array.from({ length: total }, (_, number) => ({
    path: `${folder}/${shardName(number, total)}`,
    split,
    ids: ids.slice(number * rowsPerShard, (number + 1) * rowsPerShard),
  }));
}
