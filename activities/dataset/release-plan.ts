import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import type { HarnessName } from '../../schemas/names.ts';
import type { PrivateKind } from '../../schemas/private-text.ts';
import { Problem } from '../../schemas/problem.ts';
import type { ReleaseManifest } from '../../schemas/release.ts';
import type { ReleaseFigures } from '../../schemas/release-figures.ts';
import type { ReleaseQuery } from '../../schemas/release-query.ts';
import { Figures } from './figures/figures.ts';
import { FilterTally } from './figures/filter-tally.ts';
import { shardFolder, shardName } from './layout.ts';
import { RefusedLicences } from './selection/licence-gate.ts';
import { PlannedRows } from './selection/planned-rows.ts';
import { isClean } from './figures/redaction-tally.ts';
import { inParts } from './shards/row-groups.ts';
import { isSelected } from './selection/selected-rows.ts';
import { Statistics } from './figures/statistics.ts';

export interface PlannedShard {
  path: string;
  split: HarnessName;
  /** Rows of its folder; the shard has those from one place to before another. */
  rows: PlannedRows;
  from: number;
  to: number;
}

export interface ReleasePlan {
  shards: PlannedShard[];
  /** Rows by folder, for {@link hashIn}. */
  folders: ReadonlyMap<string, PlannedRows>;
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
 * What goes where, from the ledger alone. Entries come sorted by id; a hundred bytes of each selected one are held in memory. As
 * long as the entries come in pages, the event loop runs between them, however many there are.
 */
export async function planRelease(
  entries: AsyncIterable<LedgerEntry>,
  query: ReleaseQuery,
  bounds: ShardBounds,
  redact: readonly PrivateKind[] = [],
): Promise<ReleasePlan> {
  const folders = new Map<string, { split: HarnessName; rows: PlannedRows }>();
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
    const known = folders.get(folder) ?? { split: entry.key.harness, rows: new PlannedRows() };
    const { id, trajectory, task, resolved, git_hack_attempted } = entry;
    if (trajectory === null) throw new Problem('release_failed', `row ${id} is kept, and has no trajectory`);
    known.rows.add({ id, trajectory, task, resolved, git_hack_attempted, clean: isClean(entry, redact) });
    folders.set(folder, known);
  }
  const sorted = [...folders.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    shards: sorted.flatMap(([folder, { split, rows }]) => {
      const parts = inParts(rows.length, bounds, (index) => rows.bytes(index));
      return parts.map((part, number) => ({ path: `${folder}/${shardName(number, parts.length)}`, split, rows, ...part }));
    }),
    folders: new Map(sorted.map(([folder, { rows }]) => [folder, rows])),
    notSelected,
    refusedLicences: refused.list(),
    filters: tally.tallies(),
    statistics: statistics.cells(),
    figures: figures.figures(),
  };
}

/** The sha256 of the row that was made of an entry; null where the release has none. */
export function hashIn(
  { folders }: Pick<ReleasePlan, 'folders'>,
  entry: Parameters<typeof shardFolder>[0] & { id: string },
): string | null {
  return folders.get(shardFolder(entry))?.hashOf(entry.id) ?? null;
}
