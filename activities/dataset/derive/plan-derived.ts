import type { HarnessName } from '../../../schemas/names.ts';
import type { PrivateKind } from '../../../schemas/private-text.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { ReleasedLedgerEntry, ReleaseManifest } from '../../../schemas/release.ts';
import type { ReleaseFigures } from '../../../schemas/release-figures.ts';
import type { ReleaseQuery } from '../../../schemas/release-query.ts';
import { Figures } from '../figures/figures.ts';
import { FilterTally } from '../figures/filter-tally.ts';
import { shardFolder, shardName } from '../layout.ts';
import { RefusedLicences } from '../selection/licence-gate.ts';
import { isClean } from '../figures/redaction-tally.ts';
import { Statistics } from '../figures/statistics.ts';
import type { RowPlaces } from './row-places.ts';

const rowsPerShard = 2000;

export interface DerivedRow {
  id: string;
  sha256: string;
  /** Number of the shard among those of all sources, and of the row in it. */
  shard: number;
  row: number;
  clean: boolean;
}

export interface DerivedShard {
  path: string;
  split: HarnessName;
  /** Sorted by id. */
  rows: DerivedRow[];
}

export interface DerivedPlan {
  shards: DerivedShard[];
  rows: number;
  notSelected: number;
  refusedLicences: ReleaseManifest['refused_licences'];
  filters: ReleaseManifest['filters'];
  statistics: ReleaseManifest['statistics'];
  figures: ReleaseFigures;
}

/** What goes where, from the ledger alone, which comes sorted by id. Throws `Problem` release_damaged for a row that no shard has. */
export async function planDerived(
  entries: AsyncIterable<ReleasedLedgerEntry>,
  { query, places, redact }: { query: ReleaseQuery; places: RowPlaces; redact: readonly PrivateKind[] },
): Promise<DerivedPlan> {
  const [tally, statistics, figures, refused] = [new FilterTally(), new Statistics(), new Figures(), new RefusedLicences()];
  const folders = new Map<string, { split: HarnessName; rows: DerivedRow[] }>();
  let [rows, notSelected] = [0, 0];
  for await (const entry of entries) {
    tally.add(entry);
    figures.add(entry, entry.row_sha256 !== null);
    if (entry.row_sha256 === null) {
      if (!entry.kept) continue;
      notSelected += 1;
      refused.add(query, entry.license);
      continue;
    }
    statistics.add(entry);
    rows += 1;
    const folder = shardFolder(entry);
    const known = folders.get(folder) ?? { split: entry.key.harness, rows: [] };
    folders.set(folder, known);
    const place = places.get(entry.id);
    if (place === undefined)
      throw new Problem('release_damaged', `row ${entry.id} is on the ledger of its release and in no shard`, {
        hint: 'see: tracemill release verify',
      });
    known.rows.push({ id: entry.id, sha256: entry.row_sha256, ...place, clean: isClean(entry, redact) });
  }
  const sorted = [...folders].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    shards: sorted.flatMap(([folder, { split, rows: all }]) => {
      const total = Math.ceil(all.length / rowsPerShard);
      return Array.from({ length: total }, (_, number) => ({
        path: `${folder}/${shardName(number, total)}`,
        split,
        rows: all.slice(number * rowsPerShard, (number + 1) * rowsPerShard),
      }));
    }),
    rows,
    notSelected,
    refusedLicences: refused.list(),
    filters: tally.tallies(),
    statistics: statistics.cells(),
    figures: figures.figures(),
  };
}
