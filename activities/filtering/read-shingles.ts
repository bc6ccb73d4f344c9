import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import { Problem } from '../../schemas/problem.ts';
import { inThreads } from '../../platform/thread-pool.ts';
import { owned } from '../artifacts/owned-bytes.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { ShingleResult, ShingleUnit } from './shingle-thread.ts';
import type { Shingles } from './shingles.ts';
import { trajectoryShingles } from './trajectory-shingles.ts';

/** Rows of some tasks, and the trajectories of those that are compared. */
export interface RowsToCompare {
  tasks: LedgerEntry[][];
  compared: { id: string; ref: ArtifactRef }[];
}

/** Bytes of trajectories that go to a thread at once; tasks of more go alone. */
const batchBytes = 4 * 1024 * 1024;
const tasksAtOnce = 100;
const mostThreads = 4;

export interface ReadRows {
  tasks: LedgerEntry[][];
  /** By the ids of the rows that are compared. */
  shingles: ReadonlyMap<string, Shingles>;
}

/** Collects tasks into parts that are worth a thread's while. */
export async function* inBatches(
  tasks: AsyncIterable<{ rows: LedgerEntry[]; compared: RowsToCompare['compared'] }>,
  bytesAtOnce = batchBytes,
): AsyncGenerator<RowsToCompare> {
  let batch: RowsToCompare = { tasks: [], compared: [] };
  let bytes = 0;
  for await (const { rows, compared } of tasks) {
    batch.tasks.push(rows);
    batch.compared.push(...compared);
    bytes += compared.reduce((sum, { ref }) => sum + ref.size_bytes, 0);
    if (bytes < bytesAtOnce && batch.tasks.length < tasksAtOnce) continue;
    yield batch;
    [batch, bytes] = [{ tasks: [], compared: [] }, 0];
  }
  if (batch.tasks.length > 0) yield batch;
}

/**
 * Reads the word sequences of all rows that are compared, in the order of the batches. Threads do it, unless there is one batch: that is
 * read here before threads would have begun.
 */
export async function* withShingles(
  batches: AsyncIterable<RowsToCompare>,
  store: ArtifactStore,
  signal?: AbortSignal,
): AsyncGenerator<ReadRows> {
  const source = batches[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done === true) return;
  const second = await source.next();
  if (second.done === true) yield await readHere(first.value, store);
  else yield* readInThreads([first.value, second.value], source, store, signal);
}

async function readHere({ tasks, compared }: RowsToCompare, store: ArtifactStore): Promise<ReadRows> {
  const shingles = new Map<string, Shingles>();
  for (const { id, ref } of compared) shingles.set(id, trajectoryShingles(await store.getPacked(ref), ref));
  return { tasks, shingles };
}

async function* readInThreads(
  first: RowsToCompare[],
  others: AsyncIterator<RowsToCompare>,
  store: ArtifactStore,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReadRows> {
  const given: RowsToCompare[] = [];
  async function* units(): AsyncGenerator<ShingleUnit> {
    for (let number = 0; ; number += 1) {
      const next = first.shift() ?? (await nextOf(others));
      if (next === undefined) return;
      given.push(next);
      const trajectories = await Promise.all(next.compared.map(async ({ ref }) => ({ ref, packed: owned(await store.getPacked(ref)) })));
      yield { number, trajectories };
    }
  }
  const results = inThreads<ShingleUnit, ShingleResult>(units(), {
    program: new URL(`./shingle-thread${extname(import.meta.filename)}`, import.meta.url),
    threads: Math.min(Math.max(1, availableParallelism()), mostThreads),
    data: null,
    resourceLimits: { maxOldGenerationSizeMb: 2048, maxYoungGenerationSizeMb: 24 },
    transfer: ({ trajectories }) => trajectories.map(({ packed }) => packed.buffer),
    failed: (reason) => new Problem('comparison_failed', 'a thread that compares rows died', { cause: reason }),
    ...(signal && { signal }),
  });
  for await (const result of results) {
    if (!result.ok) throw new Problem(result.code, result.message, { hint: result.hint });
    const batch = given.shift();
    if (batch === undefined) throw new Error('more results than batches');
    const { shingles } = result;
    const byId = batch.compared.flatMap(({ id }, index): [string, Shingles][] => {
      const own = shingles[index];
      return own === undefined ? [] : [[id, own]];
    });
    yield { tasks: batch.tasks, shingles: new Map(byId) };
  }
}

async function nextOf(batches: AsyncIterator<RowsToCompare>): Promise<RowsToCompare | undefined> {
  const next = await batches.next();
  return next.done === true ? undefined : next.value;
}
