import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { Problem } from '../../schemas/problem.ts';
import { ReleasedLedgerEntry, ReleaseManifest } from '../../schemas/release.ts';
import type { ReleaseQuery } from '../../schemas/release-query.ts';
import { cardFiles } from './card-files.ts';
import { describeColumns } from './columns.ts';
import { ContentHash } from './content-hash.ts';
import { Figures } from './figures.ts';
import { FilterTally } from './filter-tally.ts';
import { writeHashed } from './hashed-file.ts';
import { RefusedLicences } from './licence-gate.ts';
import { shardFolder, shardName } from './layout.ts';
import type { OpenRelease } from './open-release.ts';
import { writeShard } from './parquet-shard.ts';
import type { ReleaseDraft, ReleaseFolder } from './release-folder.ts';
import { Statistics } from './statistics.ts';
import { sumFunnels } from './sum-funnels.ts';

const rowsPerShard = 2000;

export interface DerivedRelease {
  name: string;
  version: string;
  /** Rows that it has of them; all, where none are named. */
  ids?: ReadonlySet<string>;
  sample?: ReleaseQuery['sample'];
  out: ReleaseFolder;
}

/**
 * Makes a release of others: their rows together, or some of them, with the ledgers of all. A row that two of them have alike is there
 * once. Throws `Problem` release_conflict where two have it with other content or other decisions.
 */
export async function deriveRelease(releases: readonly OpenRelease[], asked: DerivedRelease): Promise<ReleaseManifest> {
  const entries = await mergedLedger(releases, asked.ids);
  return await asked.out.replace((draft) => writeFiles(draft, releases, entries, asked));
}

async function mergedLedger(releases: readonly OpenRelease[], ids?: ReadonlySet<string>): Promise<ReleasedLedgerEntry[]> {
  const known = new Map<string, ReleasedLedgerEntry>();
  for (const release of releases) {
    for (const entry of await release.ledger()) {
      const other = known.get(entry.id);
      if (other !== undefined && JSON.stringify({ ...other, row_sha256: null }) !== JSON.stringify({ ...entry, row_sha256: null }))
        throw conflict(entry.id, 'was decided on otherwise');
      if (other !== undefined && other.row_sha256 !== null && entry.row_sha256 !== null && other.row_sha256 !== entry.row_sha256)
        throw conflict(entry.id, 'has another content');
      known.set(entry.id, { ...entry, row_sha256: other?.row_sha256 ?? entry.row_sha256 });
    }
  }
  return [...known.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((entry) => (ids === undefined || ids.has(entry.id) ? entry : { ...entry, row_sha256: null }));
}

function conflict(id: string, how: string): Problem {
  return new Problem('release_conflict', `row ${id} of one release ${how} in another`, {
    hint: 'build one of them again from the ledger as it is now, or see: tracemill release diff',
  });
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
    folders.set(folder, [...(folders.get(folder) ?? []), entry]);
  }
  const redacted = releases.find(({ manifest }) => manifest.redaction !== undefined);
  if (redacted !== undefined)
    throw new Problem(
      'release_redacted',
      `${redacted.manifest.campaign} ${redacted.manifest.version} has replacements, whose counts would be lost`,
      {
        hint: 'build the release that you want from the ledger, with --redact: tracemill release build',
      },
    );
  const form = releases[0]?.manifest.form ?? 'trajectory';
  const shards: ReleaseManifest['shards'] = [];
  for (const [folder, planned] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const rows = rowsBelow(folder, releases, new Set(planned.map(({ id }) => id)));
    const total = Math.ceil(planned.length / rowsPerShard);
    for (let number = 0; number < total; number += 1) {
      const ids = planned.slice(number * rowsPerShard, (number + 1) * rowsPerShard).map(({ id }) => id);
      const part = following(rows, ids, content);
      const written = await writeHashed(draft, `${folder}/${shardName(number, total)}`, (write) => writeShard(write, part, form));
      shards.push({ ...written, split: planned[0]?.key.harness ?? 'openhands' });
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

/** Releases of the same campaigns have the same rollouts, which count once. */
function funnelOf(releases: readonly OpenRelease[]): ReleaseManifest['funnel'] {
  const known = new Map<string, OpenRelease>();
  for (const release of releases) known.set((release.manifest.query?.campaigns ?? [release.manifest.campaign]).join(' '), release);
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
