import type { DatasetRow } from '../../../schemas/dataset-row.ts';
import { Problem } from '../../../schemas/problem.ts';
import { ReleasedLedgerEntry, ReleaseManifest } from '../../../schemas/release.ts';
import type { ReleaseQuery } from '../../../schemas/release-query.ts';
import { cardFiles } from '../card/card-files.ts';
import { describeColumns } from '../shards/columns.ts';
import { ContentHash } from '../shards/content-hash.ts';
import { Figures } from '../figures/figures.ts';
import { FilterTally } from '../figures/filter-tally.ts';
import { writeHashed } from '../shards/hashed-file.ts';
import { RefusedLicences } from '../selection/licence-gate.ts';
import { shardFolder, shardName } from '../layout.ts';
import { mergeLedgers } from './merge-ledgers.ts';
import { type OpenRelease, openRelease } from '../open-release.ts';
import { writeShard } from '../shards/parquet-shard.ts';
import type { ReleaseDraft, ReleaseFolder } from '../release-folder.ts';
import { Statistics } from '../figures/statistics.ts';
import { sumFunnels } from '../figures/sum-funnels.ts';

const rowsPerShard = 2000;

export interface DerivedRelease {
  name: string;
  version: string;
  /** Rows that it has of them; all, where none are named. */
  ids?: ReadonlySet<string>;
  sample?: ReleaseQuery['sample'];
  out: ReleaseFolder;
  signal?: AbortSignal;
}

/** What was made, and which rows are there once although several releases, or one under several ids, have them. */
export interface Derived {
  manifest: ReleaseManifest;
  /** Ids that more than one release has. */
  same_id: number;
  /** Id → id of the row with the same content that stands for it; the smallest one. */
  same_content: Record<string, string>;
}

/**
 * Makes a release of others: their rows together, or some of them, with the ledgers of all. What comes out is the same in whatever order
 * and however often they are named: rows lie by harness, teacher and dataset, sorted by id. A row that several have is there once. Throws
 * `Problem` release_conflict where columns differ, or where two have a row with other content or other decisions.
 */
export async function deriveRelease(folders: readonly ReleaseFolder[], asked: DerivedRelease): Promise<Derived> {
  const releases = await openAll(folders);
  const { entries, sameId, sameContent } = await mergeLedgers(releases, asked.signal);
  const { ids } = asked;
  const chosen = entries.map((entry) => (ids === undefined || ids.has(entry.id) ? entry : { ...entry, row_sha256: null }));
  const manifest = await asked.out.replace((draft) => writeFiles(draft, releases, chosen, asked), {
    ...(asked.signal && { signal: asked.signal }),
  });
  return { manifest, same_id: sameId, same_content: Object.fromEntries(sameContent) };
}

/** Each release once, in an order of their own. */
async function openAll(folders: readonly ReleaseFolder[]): Promise<OpenRelease[]> {
  const known = new Map<string, OpenRelease>();
  for (const folder of folders) {
    const release = await openRelease(folder);
    const { campaign, version, content_sha256, ledger } = release.manifest;
    known.set([campaign, version, content_sha256, ledger.sha256].join(' '), release);
    if (release.manifest.redaction !== undefined) {
      throw new Problem('release_redacted', `${folder.location} has replacements, whose counts would be lost`, {
        hint: 'build the release that you want from the ledger, with --redact: tracemill release build',
      });
    }
    const [first] = known.values();
    if (JSON.stringify(first?.manifest.columns) === JSON.stringify(release.manifest.columns)) continue;
    throw new Problem('release_conflict', `${folder.location} has other columns than ${folders[0]?.location}`, {
      hint: 'build it again with the same version of tracemill and the same --form',
    });
  }
  return [...known.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, release]) => release);
}

async function writeFiles(
  draft: ReleaseDraft,
  releases: readonly OpenRelease[],
  entries: ReleasedLedgerEntry[],
  asked: DerivedRelease,
): Promise<ReleaseManifest> {
  const [tally, statistics, content] = [new FilterTally(), new Statistics(), new ContentHash()];
  const [figures, refused] = [new Figures(), new RefusedLicences()];
  const campaigns = [...new Set(releases.flatMap(({ manifest }) => manifest.query?.campaigns ?? [manifest.campaign]))].sort();
  const query = { campaigns, derived: true as const, ...(asked.sample && { sample: asked.sample }) };
  const folders = new Map<string, ReleasedLedgerEntry[]>();
  for (const entry of entries) {
    tally.add(entry);
    figures.add(entry, entry.row_sha256 !== null);
    if (entry.kept && entry.row_sha256 === null) refused.add(query, entry.license);
    if (entry.row_sha256 === null) continue;
    statistics.add(entry);
    const folder = shardFolder(entry);
    const known = folders.get(folder) ?? [];
    known.push(entry);
    folders.set(folder, known);
  }
  const form = releases[0]?.manifest.form ?? 'trajectory';
  const shards: ReleaseManifest['shards'] = [];
  for (const [folder, planned] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const split = planned[0]?.key.harness;
    if (split === undefined) continue;
    const rows = rowsBelow(folder, releases, new Set(planned.map(({ id }) => id)));
    const total = Math.ceil(planned.length / rowsPerShard);
    for (let number = 0; number < total; number += 1) {
      const ids = planned.slice(number * rowsPerShard, (number + 1) * rowsPerShard).map(({ id }) => id);
      const part = following(rows, ids, content);
      const written = await writeHashed(draft, `${folder}/${shardName(number, total)}`, (write) => writeShard(write, part, form));
      shards.push({ ...written, split });
    }
  }
  const kept = entries.filter((entry) => entry.kept).length;
  const count = shards.reduce((sum, shard) => sum + shard.rows, 0);
  const ledger = await writeHashed(draft, 'ledger.jsonl', async (write) => {
    for (const entry of entries) await write(Buffer.from(`${JSON.stringify(ReleasedLedgerEntry.parse(entry))}\n`));
    return { entries: entries.length };
  });
  const facts = {
    format: 1 as const,
    campaign: asked.name,
    version: asked.version,
    query,
    form,
    rows: count,
    not_selected: kept - count,
    refused_licences: refused.list(),
    content_sha256: content.hex(),
    shards,
    ledger,
    columns: describeColumns(form),
    filters: tally.tallies(),
    funnel: funnelOf(releases),
    statistics: statistics.cells(),
    figures: figures.figures(),
  };
  const text = async (path: string, value: string) =>
    await writeHashed(draft, path, async (write) => {
      await write(Buffer.from(value));
      return {};
    });
  const { card, others } = cardFiles(facts);
  const written = await text(card.path, card.text);
  const card_files: ReleaseManifest['card_files'] = [];
  for (const other of others) card_files.push(await text(other.path, other.text));
  const manifest = ReleaseManifest.parse({ ...facts, card: written, card_files });
  await text('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** Releases of the same campaigns have the same rollouts, which count once: by the funnel of the one that knows most of them. */
function funnelOf(releases: readonly OpenRelease[]): ReleaseManifest['funnel'] {
  const known = new Map<string, OpenRelease>();
  const decided = ({ manifest: { funnel } }: OpenRelease) => funnel.total.planned - funnel.total.open;
  for (const release of releases) {
    const name = (release.manifest.query?.campaigns ?? [release.manifest.campaign]).join(' ');
    const other = known.get(name);
    if (other === undefined || decided(release) > decided(other)) known.set(name, release);
  }
  const named = [...known.keys()].flatMap((key) => key.split(' '));
  if (new Set(named).size < named.length)
    throw new Problem('release_conflict', 'two of the releases share some of their campaigns, not all', {
      hint: 'build one release of all these campaigns: tracemill release build CAMPAIGN…',
    });
  return sumFunnels([...known.values()].map(({ manifest }) => manifest.funnel));
}

/** The next rows of a folder, which have to be these. */
async function* following(rows: AsyncGenerator<DatasetRow>, ids: string[], content: ContentHash): AsyncGenerator<DatasetRow> {
  for (const id of ids) {
    const next = await rows.next();
    if (next.done === true || next.value.trajectory_id !== id)
      throw new Problem('release_damaged', `row ${id} is not where its release says`, { hint: 'see: tracemill release verify' });
    content.add(next.value);
    yield next.value;
  }
}

/** Rows of one folder of all releases, sorted by id, each once. */
async function* rowsBelow(folder: string, releases: readonly OpenRelease[], ids: ReadonlySet<string>): AsyncGenerator<DatasetRow> {
  const open: { rows: AsyncGenerator<DatasetRow>; next: DatasetRow }[] = [];
  for (const release of releases) {
    const rows = release.rowsBelow(folder);
    const first = await rows.next();
    if (first.done !== true) open.push({ rows, next: first.value });
  }
  let last = '';
  while (open.length > 0) {
    const least = open.reduce((best, each) => (each.next.trajectory_id < best.next.trajectory_id ? each : best));
    if (least.next.trajectory_id !== last && ids.has(least.next.trajectory_id)) yield least.next;
    last = least.next.trajectory_id;
    const following = await least.rows.next();
    if (following.done === true) open.splice(open.indexOf(least), 1);
    else least.next = following.value;
  }
}
