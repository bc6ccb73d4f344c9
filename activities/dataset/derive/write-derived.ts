import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { inThreads } from '../../../platform/thread-pool.ts';
import type { RowForm } from '../../../schemas/dataset-row.ts';
import type { PrivateKind } from '../../../schemas/private-text.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { ReleaseManifest } from '../../../schemas/release.ts';
import type { BuildProgress } from '../build-progress.ts';
import { writeEncodedShards } from '../shards/encoded-shards.ts';
import type { RedactionTally } from '../figures/redaction-tally.ts';
import type { ReleaseDraft } from '../release-folder.ts';
import { groupBounds } from '../shards/row-groups.ts';
import { derivedGroups } from './derived-groups.ts';
import type { DerivedGroup, DerivedUnit } from './derived-unit.ts';
import type { DerivedRow, DerivedShard } from './plan-derived.ts';
import type { RowPlaces } from './row-places.ts';

/** More of them would only wait for the disk, and each holds a row group. */
const mostThreads = 4;
/** Threads take half a second to begin. */
const threadsFromRows = 200;
/** Heap of a thread: a row of 100 MB is in memory several times while it is read and encoded; what short-lived rows leave is cleared early. */
const resourceLimits = { maxOldGenerationSizeMb: 2048, maxYoungGenerationSizeMb: 16 };

interface Sources {
  places: RowPlaces;
  form: RowForm;
  redact: readonly PrivateKind[];
  progress: BuildProgress;
  signal?: AbortSignal | undefined;
}

/**
 * Writes the planned shards. Rows are read and encoded by threads, in order. Throws as {@link writeEncodedShards}, and `Problem`
 * release_damaged for a row that is not the one of its ledger.
 */
export async function writeDerived(
  draft: ReleaseDraft,
  planned: readonly DerivedShard[],
  sources: Sources,
): Promise<{ shards: ReleaseManifest['shards']; contentSha256: string; hashes: ReadonlyMap<string, string>; redacted: RedactionTally }> {
  const hashes = new Map<string, string>();
  const shards = planned.map(({ path, split, rows }) => ({
    path,
    split,
    count: rows.length,
    made: (_: number, { id, sha256 }: { id: string; sha256: string }) => {
      if (sources.redact.length > 0) hashes.set(id, sha256);
    },
  }));
  const { checked, ...written } = await writeEncodedShards(draft, shards, results(planned, sources), sources);
  await checked;
  return { ...written, hashes };
}

async function* results(planned: readonly DerivedShard[], sources: Sources): AsyncGenerator<DerivedGroup> {
  const count = planned.reduce((sum, { rows }) => sum + rows.length, 0);
  if (count < threadsFromRows) {
    for await (const unit of units(planned, sources)) yield* derivedGroups(unit);
    return;
  }
  yield* inThreads<DerivedUnit, DerivedGroup>(units(planned, sources), {
    program: new URL(`./derived-thread${extname(import.meta.filename)}`, import.meta.url),
    threads: Math.min(Math.max(1, availableParallelism()), mostThreads),
    data: null,
    resourceLimits,
    failed: (reason) => new Problem('release_failed', 'a thread that encodes rows died', { cause: reason }),
    ...(sources.signal && { signal: sources.signal }),
  });
}

/** A row group's rows at most, so that what a unit becomes depends on its shard's rows alone, not on where they came from. */
async function* units(planned: readonly DerivedShard[], sources: Sources): AsyncGenerator<DerivedUnit> {
  let number = 0;
  for (const { rows } of planned) {
    for (let from = 0; from < rows.length; from += groupBounds.rows) {
      yield unitOf(number, rows.slice(from, from + groupBounds.rows), sources);
      number += 1;
    }
  }
}

function unitOf(number: number, rows: readonly DerivedRow[], { places, form, redact }: Sources): DerivedUnit {
  const used = [...new Set(rows.map(({ shard }) => shard))];
  return {
    number,
    form,
    redact: [...redact],
    shards: used.map((shard) => places.shards[shard]?.path ?? ''),
    rows: rows.map((row) => ({ ...row, shard: used.indexOf(row.shard) })),
  };
}
