import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { Problem } from '../../schemas/problem.ts';
import { ReleaseManifest } from '../../schemas/release.ts';
import { Task } from '../../schemas/task.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import type { Index } from '../ledger/ledger.ts';
import { type ArtifactStore, getJson } from '../artifacts/store.ts';
import { writeCard } from './card.ts';
import { checkShard } from './check-shard.ts';
import { ContentHash } from './content-hash.ts';
import { describeColumns } from './parquet-columns.ts';
import { writeShard } from './parquet-shard.ts';
import { type PlannedShard, planRelease } from './release-plan.ts';
import { writeLedger } from './released-ledger.ts';
import { toRow } from './row.ts';
import { settleSiblings } from '../filtering/siblings.ts';

/** About 500 MB of text and 120 MB of Parquet a shard, at the published mean length. */
const ROWS_PER_SHARD = 2000;

export interface ReleaseRequest {
  campaign: string;
  version: string;
  /** Folder of the release; replaced as a whole once the new one is complete. */
  out: string;
  index: Index;
  store: ArtifactStore;
  rowsPerShard?: number;
  /** Rows written or checked so far; for heartbeats. */
  onProgress?: (progress: { written: number; checked: number }) => void;
  signal?: AbortSignal;
}

/**
 * Builds a release: a query over the ledger. The same ledger gives the same files, byte for byte. Every shard is
 * read again by another implementation before the release appears. Throws `Problem` release_damaged when that
 * reads other rows, unknown_campaign when the index knows nothing of the campaign.
 */
export async function buildRelease(request: ReleaseRequest): Promise<ReleaseManifest> {
  const { campaign, version, index, store } = request;
  const out = resolve(request.out);
  if (index.rollouts(campaign).length === 0) {
    throw new Problem('unknown_campaign', `no rollout of campaign ${campaign} is on record`, {
      hint: 'tracemill campaign list shows the known ones',
    });
  }
  await settleSiblings(campaign, index, store);
  const folder = `${out}.${randomUUID()}.building`;
  try {
    const manifest = await writeFiles(folder, request);
    await replaceFolder(out, folder);
    return manifest;
  } catch (error) {
    throw error instanceof Problem
      ? error
      : new Problem('release_failed', `release ${version} of ${campaign} could not be built`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeFiles(folder: string, request: ReleaseRequest): Promise<ReleaseManifest> {
  const { campaign, version, index, rowsPerShard = ROWS_PER_SHARD } = request;
  await mkdir(folder, { recursive: true });
  const plan = planRelease(index.ledger(campaign), rowsPerShard);
  const { shards, contentSha256 } = await writeShards(folder, plan.shards, request);
  const ledger = { path: 'ledger.jsonl', ...(await writeLedger(join(folder, 'ledger.jsonl'), index.ledger(campaign))) };
  const facts = {
    format: 1 as const,
    campaign,
    version,
    rows: shards.reduce((sum, shard) => sum + shard.rows, 0),
    content_sha256: contentSha256,
    shards,
    ledger,
    columns: describeColumns(),
    filters: plan.filters,
    funnel: index.campaignFunnel(campaign),
    statistics: plan.statistics,
  };
  const card = await writeText(folder, 'README.md', writeCard(facts));
  const manifest = ReleaseManifest.parse({ ...facts, card });
  await writeText(folder, 'manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function writeShards(folder: string, planned: PlannedShard[], request: ReleaseRequest) {
  const content = new ContentHash();
  const shards: ReleaseManifest['shards'] = [];
  const progress = { written: 0, checked: 0 };
  const report = () => {
    request.signal?.throwIfAborted();
    request.onProgress?.({ ...progress });
  };
  for (const { path, split, ids } of planned) {
    const hash = new ContentHash();
    const rows = readRows(ids, request, (row) => {
      hash.add(row);
      content.add(row);
      progress.written += 1;
      report();
    });
    const written = await writeShard(join(folder, path), rows);
    await checkShard(join(folder, path), { ids, contentSha256: hash.hex() }, () => {
      progress.checked += 1;
      report();
    });
    shards.push({ path, split, ...written });
  }
  return { shards, contentSha256: content.hex() };
}

async function* readRows(ids: string[], { index, store }: ReleaseRequest, onRow: (row: DatasetRow) => void): AsyncGenerator<DatasetRow> {
  for (const id of ids) {
    const entry = index.ledgerEntry(id);
    if (entry === null || entry.trajectory === null)
      throw new Problem('ledger_changed', `row ${id} left the ledger while the release was built`);
    const trajectory = await getJson(store, entry.trajectory, Trajectory);
    const task = await getJson(store, entry.task, Task);
    const row = toRow(trajectory, task, entry, entry);
    onRow(row);
    yield row;
  }
}

async function writeText(folder: string, path: string, text: string): Promise<ReleaseManifest['card']> {
  const bytes = Buffer.from(text);
  const file = await open(join(folder, path), 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return { path, sha256: createHash('sha256').update(bytes).digest('hex'), size_bytes: bytes.length };
}

/** The old release stays until the new one is whole. */
async function replaceFolder(out: string, folder: string): Promise<void> {
  const old = `${out}.${randomUUID()}.old`;
  await mkdir(dirname(out), { recursive: true });
  const moved = await rename(out, old).then(
    () => true,
    () => false,
  );
  await rename(folder, out);
  if (moved) await rm(old, { recursive: true, force: true });
}
