import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { RowForm } from '../../../schemas/dataset-row.ts';
import type { PrivateKind } from '../../../schemas/private-text.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { ReleaseManifest } from '../../../schemas/release.ts';
import { inThreads } from '../../../platform/thread-pool.ts';
import type { ArtifactStore } from '../../artifacts/store.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { BuildProgress } from '../build-progress.ts';
import { checkShard, type ExpectedRow } from './check-shard.ts';
import { ContentHash } from './content-hash.ts';
import type { GroupResult, GroupUnit } from './group-unit.ts';
import { writeHashed } from './hashed-file.ts';
import { ParquetFile } from './parquet-file.ts';
import type { ReleaseDraft } from '../release-folder.ts';
import { isClean, RedactionTally } from '../figures/redaction-tally.ts';
import type { PlannedRow, PlannedShard } from '../release-plan.ts';
import { groupBounds, inParts } from './row-groups.ts';

/** More of them would only wait for the store, and each holds a row group. */
const mostThreads = 4;
/** Heap of a thread: a row of 100 MB is in memory several times while it is encoded. */
const resourceLimits = { maxOldGenerationSizeMb: 2048 };

export interface ShardSources {
  ledger: Ledger;
  store: ArtifactStore;
  form: RowForm;
  redact: readonly PrivateKind[];
  progress: BuildProgress;
  signal?: AbortSignal;
}

/**
 * Writes the shards one after another. Row groups are made of the store's artifacts by threads, in order; while a shard is read back by
 * DuckDB, the next one is written.
 */
export async function writeShards(
  draft: ReleaseDraft,
  planned: PlannedShard[],
  sources: ShardSources,
): Promise<{
  shards: ReleaseManifest['shards'];
  contentSha256: string;
  hashes: ReadonlyMap<string, string>;
  redacted: RedactionTally;
}> {
  const redacted = new RedactionTally();
  const content = new ContentHash();
  const hashes = new Map<string, string>();
  const shards: ReleaseManifest['shards'] = [];
  const groups = encodedGroups(planned, sources);
  let check = Promise.resolve();
  try {
    for (const { path, split, rows } of planned) {
      const expected: ExpectedRow[] = [];
      const written = await writeHashed(draft, path, async (write) => {
        const file = new ParquetFile(write, sources.form);
        while (expected.length < rows.length) {
          const next = await groups.next();
          if (next.done === true) throw new Error(`${path} ends early`);
          await file.add(next.value.encoded);
          for (const { id, digest, sha256, redacted: replaced } of next.value.rows) {
            if (replaced !== null) redacted.add(replaced);
            expected.push({ id, digest });
            content.addHash(id, sha256);
            hashes.set(id, sha256);
            sources.progress.count('written');
          }
        }
        await file.finish();
        return { rows: rows.length };
      });
      await check;
      check = readBack(await draft.localFile(path), expected, sources);
      // It is waited for before the next one begins; until then its failure is nobody's.
      check.catch(() => undefined);
      shards.push({ ...written, split });
    }
    await check;
  } finally {
    await groups.return(undefined);
    await check.catch(() => undefined);
  }
  return { shards, contentSha256: content.hex(), hashes, redacted };
}

async function readBack(path: string, expected: ExpectedRow[], { form, progress }: ShardSources): Promise<void> {
  await checkShard(path, expected, form);
  for (let row = 0; row < expected.length; row += 1) progress.count('checked');
  progress.count('shards_done');
}

type Encoded = Extract<GroupResult, { ok: true }>;

async function* encodedGroups(planned: PlannedShard[], sources: ShardSources): AsyncGenerator<Encoded, void, undefined> {
  const groups = planned.flatMap(({ rows }) => inParts(rows, groupBounds, ({ bytes }) => bytes));
  if (groups.length === 0) return;
  const results = inThreads<GroupUnit, GroupResult>(units(groups, sources), {
    program: new URL(`./group-thread${extname(import.meta.filename)}`, import.meta.url),
    threads: Math.min(groups.length, Math.max(1, availableParallelism()), mostThreads),
    data: null,
    resourceLimits,
    transfer: ({ rows, tasks }) => [...rows.map(({ trajectory }) => trajectory.buffer), ...tasks.map((task) => task.buffer)],
    failed: (reason) => new Problem('release_failed', 'a thread that encodes rows died', { cause: reason }),
    ...(sources.signal && { signal: sources.signal }),
  });
  for await (const result of results) {
    if (!result.ok) throw new Problem(result.code, result.message, { hint: result.hint });
    yield result;
  }
}

async function* units(groups: PlannedRow[][], sources: ShardSources): AsyncGenerator<GroupUnit> {
  for (const [number, rows] of groups.entries()) yield await unitOf(number, rows, sources);
}

async function unitOf(number: number, planned: PlannedRow[], { ledger, store, form, redact }: ShardSources): Promise<GroupUnit> {
  const tasks = new Map<string, { index: number; bytes: Uint8Array<ArrayBuffer> }>();
  const rows: GroupUnit['rows'] = [];
  for (const { id } of planned) {
    const entry = await ledger.entry(id);
    if (entry === null || entry.trajectory === null)
      throw new Problem('ledger_changed', `row ${id} left the ledger while the release was built`);
    const task = tasks.get(entry.task.sha256) ?? { index: tasks.size, bytes: owned(await store.get(entry.task)) };
    tasks.set(entry.task.sha256, task);
    rows.push({
      id,
      trajectory: owned(await store.get(entry.trajectory)),
      task: task.index,
      resolved: entry.resolved,
      git_hack_attempted: entry.git_hack_attempted,
      clean: isClean(entry, redact),
    });
  }
  return { number, form, redact: [...redact], rows, tasks: [...tasks.values()].map(({ bytes }) => bytes) };
}

/** Bytes in memory of their own, which can move to another thread: small buffers of Node share theirs. */
function owned(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength ? new Uint8Array(buffer) : new Uint8Array(bytes);
}
