import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import type { HarnessName } from '../../schemas/names.ts';
import type { ReleaseManifest } from '../../schemas/release.ts';
import type { ReleaseFigures } from '../../schemas/release-figures.ts';
import type { ReleaseQuery } from '../../schemas/release-query.ts';
import { Figures } from './figures/figures.ts';
import { FilterTally } from './figures/filter-tally.ts';
import { shardFolder, shardName } from './layout.ts';
import { RefusedLicences } from './selection/licence-gate.ts';
import { inParts } from './shards/row-groups.ts';
import { isSelected } from './selection/selected-rows.ts';
import { Statistics } from './figures/statistics.ts';

/** A row of a release, and the bytes of its trajectory and task in the store. */
export interface PlannedRow {
  id: string;
  bytes: number;
}

export interface PlannedShard {
  path: string;
  split: HarnessName;
  /** Sorted by id. */
  rows: PlannedRow[];
}

export interface ReleasePlan {
  shards: PlannedShard[];
  notSelected: number;
  refusedLicences: ReleaseManifest['refused_licences'];
  filters: ReleaseManifest['filters'];
  statistics: ReleaseManifest['statistics'];
  figures: ReleaseFigures;
}

export interface ShardBounds {
  rows: number;
  bytes: number;
}

/**
 * What goes where, from the ledger alone. Entries come sorted by id; only ids of selected ones are held in memory. As long as
 * the entries come in pages, the event loop runs between them, however many there are.
 */
export async function planRelease(entries: AsyncIterable<LedgerEntry>, query: ReleaseQuery, bounds: ShardBounds): Promise<ReleasePlan> {
  const folders = new Map<string, { split: HarnessName; rows: PlannedRow[] }>();
  const [tally, statistics, figures] = [new FilterTally(), new Statistics(), new Figures()];
  let notSelected = 0;
  const refused = new RefusedLicences();
  for await (const entry of entries) {
    tally.add(entry);
    const selected = isSelected(query, entry);
    figures.add(entry, selected);
    if (entry.kept && !selected) {
      notSelected += 1;
      refused.add(query, entry.license);
    }
    if (!selected) continue;
    statistics.add(entry);
    const folder = shardFolder(entry);
    const known = folders.get(folder) ?? { split: entry.key.harness, rows: [] };
    known.rows.push({ id: entry.id, bytes: (entry.trajectory?.size_bytes ?? 0) + entry.task.size_bytes });
    folders.set(folder, known);
  }
  const sorted = [...folders.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    shards: sorted.flatMap(([folder, { split, rows }]) => {
      const parts = inParts(rows, bounds, ({ bytes }) => bytes);
      return parts.map((part, number) => ({ path: `${folder}/${shardName(number, parts.length)}`, split, rows: part }));
    }),
    notSelected,
    refusedLicences: refused.list(),
    filters: tally.tallies(),
    statistics: statistics.cells(),
    figures: figures.figures(),
  };
}
