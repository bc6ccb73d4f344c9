import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { ArtifactRef } from '../../../schemas/artifact-ref.ts';
import type { RowForm } from '../../../schemas/dataset-row.ts';
import type { PrivateKind } from '../../../schemas/private-text.ts';
import { Problem } from '../../../schemas/problem.ts';
import { inThreads } from '../../../platform/thread-pool.ts';
import { owned } from '../../artifacts/owned-bytes.ts';
import type { ArtifactStore } from '../../artifacts/store.ts';
import type { BuildProgress } from '../build-progress.ts';
import { writeEncodedShards } from './encoded-shards.ts';
import type { GroupResult, GroupUnit } from './group-unit.ts';
import type { ReleaseDraft } from '../release-folder.ts';
import type { PlannedShard } from '../release-plan.ts';
import { groupBounds, inParts } from './row-groups.ts';

/** More of them would only wait for the store, and each holds a row group. */
const mostThreads = 4;
/** Heap of a thread: a row of 100 MB is in memory several times while it is encoded. Little of it is young: pages that were once in use stay resident. */
const resourceLimits = { maxOldGenerationSizeMb: 2048, maxYoungGenerationSizeMb: 24 };

export interface ShardSources {
  store: ArtifactStore;
  form: RowForm;
  redact: readonly PrivateKind[];
  progress: BuildProgress;
  signal?: AbortSignal;
}

/**
 * Writes the planned shards. Threads make row groups of the store's artifacts, in order; hashes of rows go to the plan. `checked` is
 * awaited by the caller: see {@link writeEncodedShards}.
 */
export async function writeShards(
  draft: ReleaseDraft,
  planned: readonly PlannedShard[],
  sources: ShardSources,
): ReturnType<typeof writeEncodedShards> {
  const shards = planned.map(({ path, split, rows, from, to }) => ({
    path,
    split,
    count: to - from,
    made: (at: number, { sha256 }: { sha256: string }) => rows.setHash(from + at, sha256),
  }));
  return await writeEncodedShards(draft, shards, results(planned, sources), sources);
}

async function* results(planned: readonly PlannedShard[], sources: ShardSources): AsyncGenerator<GroupResult> {
  const groups = planned.flatMap((shard) => groupsOf(shard));
  if (groups.length === 0) return;
  yield* inThreads<GroupUnit, GroupResult>(units(groups, sources), {
    program: new URL(`./group-thread${extname(import.meta.filename)}`, import.meta.url),
    threads: Math.min(groups.length, Math.max(1, availableParallelism()), mostThreads),
    data: null,
    resourceLimits,
    transfer: ({ rows, tasks }) => [...rows.map(({ trajectory }) => trajectory.packed.buffer), ...tasks.map(({ packed }) => packed.buffer)],
    failed: (reason) => new Problem('release_failed', 'a thread that encodes rows died', { cause: reason }),
    ...(sources.signal && { signal: sources.signal }),
  });
}

type PlannedGroup = Pick<PlannedShard, 'rows' | 'from' | 'to'>;

function groupsOf({ rows, from, to }: PlannedShard): PlannedGroup[] {
  const parts = inParts(to - from, groupBounds, (index) => rows.bytes(from + index));
  return parts.map((part) => ({ rows, from: from + part.from, to: from + part.to }));
}

async function* units(groups: readonly PlannedGroup[], sources: ShardSources): AsyncGenerator<GroupUnit> {
  for (const [number, group] of groups.entries()) yield await unitOf(number, group, sources);
}

async function unitOf(number: number, { rows, from, to }: PlannedGroup, { store, form, redact }: ShardSources): Promise<GroupUnit> {
  const planned = Array.from({ length: to - from }, (_, index) => rows.row(from + index));
  const tasks = [...new Map(planned.map(({ task }) => [task.sha256, task])).values()];
  const places = new Map(tasks.map(({ sha256 }, index) => [sha256, index]));
  const packed = async (ref: ArtifactRef) => ({ ref, packed: owned(await store.getPacked(ref)) });
  const trajectories = planned.map(async ({ trajectory, task, ...row }) => ({
    ...row,
    trajectory: await packed(trajectory),
    task: places.get(task.sha256) ?? -1,
  }));
  return { number, form, redact: [...redact], rows: await Promise.all(trajectories), tasks: await Promise.all(tasks.map(packed)) };
}
