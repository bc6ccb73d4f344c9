import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { Problem } from '../../schemas/problem.ts';
import { ReleaseManifest } from '../../schemas/release.ts';
import type { ReleaseProgress } from '../../schemas/release-progress.ts';
import { TaskFacts } from '../../schemas/task.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type ArtifactStore, getJson } from '../artifacts/store.ts';
import { BuildProgress } from './build-progress.ts';
import { writeCard } from './card.ts';
import { checkShard } from './check-shard.ts';
import { describeColumns } from './columns.ts';
import { ContentHash } from './content-hash.ts';
import { writeHashed } from './hashed-file.ts';
import { writeShard } from './parquet-shard.ts';
import type { ReleaseDraft, ReleaseFolder } from './release-folder.ts';
import { type PlannedShard, planRelease } from './release-plan.ts';
import { writeLedger } from './released-ledger.ts';
import { toRow } from './row.ts';
import { recordNearDuplicates } from '../filtering/index.ts';

/** About 500 MB of text and 120 MB of Parquet a shard, at the published mean length. */
const ROWS_PER_SHARD = 2000;

/** What a release is made from: the ledger of its campaign and the artifacts that the ledger names. */
interface ReleaseSources {
  ledger: Ledger;
  store: ArtifactStore;
}

export interface ReleaseRequest extends ReleaseSources {
  campaign: string;
  version: string;
  /** Where the release goes; replaced as a whole once the new one is complete. */
  out: ReleaseFolder;
  rowsPerShard?: number;
  /** Called with every row, for heartbeats. */
  onProgress?: (progress: ReleaseProgress) => void;
  signal?: AbortSignal;
}

/**
 * Builds a release: a query over the ledger. The same ledger gives the same files, byte for byte. Every shard is
 * read again by another implementation before the release appears. Throws `Problem` release_damaged when that
 * reads other rows, unknown_campaign when the ledger knows nothing of the campaign.
 */
export async function buildRelease(request: ReleaseRequest): Promise<ReleaseManifest> {
  const { campaign, version, ledger, store, out, signal } = request;
  if (!(await ledger.hasCampaign(campaign))) {
    throw new Problem('unknown_campaign', `no rollout of campaign ${campaign} is on record`, {
      hint: 'tracemill campaign list shows the known ones',
    });
  }
  const progress = new BuildProgress(request);
  const onWait = () => progress.set({ phase: 'waiting' });
  try {
    return await out.replace(
      async (draft) => {
        progress.set({ phase: 'comparing' });
        await recordNearDuplicates(campaign, ledger, store);
        return await writeFiles(draft, request, progress);
      },
      { onWait, ...(signal && { signal }) },
    );
  } catch (error) {
    if (error instanceof Problem || signal?.aborted === true) throw error;
    throw new Problem('release_failed', `release ${version} of ${campaign} could not be built`, { cause: error });
  }
}

async function writeFiles(draft: ReleaseDraft, request: ReleaseRequest, progress: BuildProgress): Promise<ReleaseManifest> {
  const { campaign, version, rowsPerShard = ROWS_PER_SHARD } = request;
  progress.set({ phase: 'planning' });
  const plan = await planRelease(request.ledger.entries(campaign), rowsPerShard);
  const rows = plan.shards.reduce((sum, { ids }) => sum + ids.length, 0);
  progress.set({ phase: 'writing', rows, shards: plan.shards.length });
  const { shards, contentSha256 } = await writeShards(draft, plan.shards, request, progress);
  progress.set({ phase: 'finishing' });
  const ledger = await writeHashed(draft, 'ledger.jsonl', (write) => writeLedger(write, request.ledger.entries(campaign), request.store));
  const facts = {
    format: 1 as const,
    campaign,
    version,
    rows,
    content_sha256: contentSha256,
    shards,
    ledger,
    columns: describeColumns(),
    filters: plan.filters,
    funnel: await request.ledger.campaignFunnel(campaign),
    statistics: plan.statistics,
  };
  const card = await writeText(draft, 'README.md', writeCard(facts));
  const manifest = ReleaseManifest.parse({ ...facts, card });
  await writeText(draft, 'manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function writeShards(draft: ReleaseDraft, planned: PlannedShard[], request: ReleaseRequest, progress: BuildProgress) {
  const content = new ContentHash();
  const shards: ReleaseManifest['shards'] = [];
  for (const { path, split, ids } of planned) {
    const hash = new ContentHash();
    const rows = readRows(ids, request, (row) => {
      hash.add(row);
      content.add(row);
      progress.count('written');
    });
    const written = await writeHashed(draft, path, (write) => writeShard(write, rows));
    const expected = { ids, contentSha256: hash.hex() };
    await checkShard(await draft.localFile(path), expected, () => progress.count('checked'));
    progress.count('shards_done');
    shards.push({ ...written, split });
  }
  return { shards, contentSha256: content.hex() };
}

async function* readRows(ids: string[], { ledger, store }: ReleaseRequest, onRow: (row: DatasetRow) => void): AsyncGenerator<DatasetRow> {
  for (const id of ids) {
    const entry = await ledger.entry(id);
    if (entry === null || entry.trajectory === null)
      throw new Problem('ledger_changed', `row ${id} left the ledger while the release was built`);
    const trajectory = await getJson(store, entry.trajectory, Trajectory);
    const task = await getJson(store, entry.task, TaskFacts);
    const row = toRow(trajectory, task, entry, entry);
    onRow(row);
    yield row;
  }
}

function writeText(draft: ReleaseDraft, path: string, text: string): Promise<ReleaseManifest['card']> {
  return writeHashed(draft, path, async (write) => {
    await write(Buffer.from(text));
    return {};
  });
}
