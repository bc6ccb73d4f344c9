import type { RowForm } from '../../schemas/dataset-row.ts';
import type { PrivateKind } from '../../schemas/private-text.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import { Problem } from '../../schemas/problem.ts';
import { ReleaseManifest } from '../../schemas/release.ts';
import type { ReleaseProgress } from '../../schemas/release-progress.ts';
import type { ReleaseQuery } from '../../schemas/release-query.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { privateTextVersion } from '../secrets/find-private.ts';
import { BuildProgress } from './build-progress.ts';
import { cardFiles } from './card/card-files.ts';
import { describeColumns } from './shards/columns.ts';
import { writeHashed } from './shards/hashed-file.ts';
import type { ReleaseDraft, ReleaseFolder } from './release-folder.ts';
import { hashIn, planRelease } from './release-plan.ts';
import { writeLedger } from './selection/released-ledger.ts';
import { entriesOf } from './selection/selected-rows.ts';
import { sumFunnels } from './figures/sum-funnels.ts';
import { writeShards } from './shards/write-shards.ts';
import { recordNearDuplicates } from '../filtering/index.ts';

/** About 500 MB of text and 120 MB of Parquet a shard, at the published mean length. */
const ROWS_PER_SHARD = 2000;
/** Bytes of trajectories a shard, for rows that are longer than those. */
const BYTES_PER_SHARD = 512 * 1024 * 1024;

/** What a release is made from: the ledger of its campaign and the artifacts that the ledger names. */
interface ReleaseSources {
  ledger: Ledger;
  store: ArtifactStore;
}

export interface ReleaseRequest extends ReleaseSources {
  /** Name of the release. */
  campaign: string;
  version: string;
  /** Which rows it has; by default all kept ones of the campaign that it is named after. */
  query?: ReleaseQuery | undefined;
  /** What the column with the messages is called. */
  form?: RowForm | undefined;
  /** Kinds of things that are replaced in rows and ledger; by default none. */
  redact?: readonly PrivateKind[] | undefined;
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
  const asked = request.query ?? { campaigns: [campaign] };
  const query = { ...asked, campaigns: [...new Set(asked.campaigns)].sort() };
  for (const campaign of query.campaigns) {
    if (await ledger.hasCampaign(campaign)) continue;
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
        for (const name of query.campaigns) await recordNearDuplicates(name, ledger, store, signal);
        return await writeFiles(draft, request, query, progress);
      },
      { onWait, ...(signal && { signal }) },
    );
  } catch (error) {
    if (error instanceof Problem || signal?.aborted === true) throw error;
    throw new Problem('release_failed', `release ${version} of ${campaign} could not be built`, { cause: error });
  }
}

async function writeFiles(
  draft: ReleaseDraft,
  request: ReleaseRequest,
  query: ReleaseQuery,
  progress: BuildProgress,
): Promise<ReleaseManifest> {
  const { campaign, version, ledger, store, form = 'trajectory', redact = [], signal } = request;
  const bounds = { rows: request.rowsPerShard ?? ROWS_PER_SHARD, bytes: BYTES_PER_SHARD };
  progress.set({ phase: 'planning' });
  const plan = await planRelease(entriesOf(ledger, query.campaigns), query, bounds, redact);
  const count = plan.shards.reduce((sum, { from, to }) => sum + to - from, 0);
  progress.set({ phase: 'writing', rows: count, shards: plan.shards.length });
  const sources = { store, form, redact, progress, ...(signal && { signal }) };
  const { shards, contentSha256, redacted, checked } = await writeShards(draft, plan.shards, sources);
  progress.set({ phase: 'finishing' });
  const hashOf = (entry: LedgerEntry) => hashIn(plan, entry);
  const entries = entriesOf(ledger, query.campaigns);
  const ledgerFile = writeHashed(draft, 'ledger.jsonl', (write) => writeLedger(write, entries, { store, hashOf, redact }));
  // Both end before a failure of either is told: the draft goes then.
  await Promise.allSettled([ledgerFile, checked]);
  await checked;
  const { redacted: ledger_entries, ...written } = await ledgerFile;
  const { rows, places, patches } = redacted;
  const redaction = { version: privateTextVersion, kinds: [...redact], rows, places, patches, ledger_entries };
  const facts = {
    format: 1 as const,
    campaign,
    version,
    query,
    form,
    rows: count,
    not_selected: plan.notSelected,
    refused_licences: plan.refusedLicences,
    ...(redact.length > 0 && { redaction }),
    content_sha256: contentSha256,
    shards,
    ledger: written,
    columns: describeColumns(form),
    filters: plan.filters,
    funnel: sumFunnels(await Promise.all(query.campaigns.map((name) => ledger.campaignFunnel(name)))),
    statistics: plan.statistics,
    figures: plan.figures,
  };
  const { card: text, others } = cardFiles(facts);
  const card = await writeText(draft, text.path, text.text);
  const card_files: ReleaseManifest['card_files'] = [];
  for (const other of others) card_files.push(await writeText(draft, other.path, other.text));
  const manifest = ReleaseManifest.parse({ ...facts, card, card_files });
  await writeText(draft, 'manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

function writeText(draft: ReleaseDraft, path: string, text: string): Promise<ReleaseManifest['card']> {
  return writeHashed(draft, path, async (write) => {
    await write(Buffer.from(text));
    return {};
  });
}
