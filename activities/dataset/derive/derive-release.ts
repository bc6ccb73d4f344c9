import type { PrivateKind } from '../../../schemas/private-text.ts';
import { Problem } from '../../../schemas/problem.ts';
import { ReleasedLedgerEntry, ReleaseManifest } from '../../../schemas/release.ts';
import type { ReleaseProgress } from '../../../schemas/release-progress.ts';
import type { ReleaseQuery } from '../../../schemas/release-query.ts';
import { privateTextVersion } from '../../secrets/find-private.ts';
import { BuildProgress } from '../build-progress.ts';
import { cardFiles } from '../card/card-files.ts';
import { describeColumns } from '../shards/columns.ts';
import { writeHashed } from '../shards/hashed-file.ts';
import { licenceRefusal } from '../selection/licence-gate.ts';
import type { OpenRelease } from '../open-release.ts';
import { redactEntry } from '../selection/redact-row.ts';
import type { ReleaseDraft, ReleaseFolder } from '../release-folder.ts';
import { type Choice, finalEntries } from './final-entries.ts';
import { mergedEntries } from './merged-entries.ts';
import { planDerived } from './plan-derived.ts';
import { readPlaces, type RowPlaces } from './row-places.ts';
import { Likely, sameContent } from './same-content.ts';
import { sampleRows, type StratumFacts } from './sample-rows.ts';
import { funnelOf, gateOf, openSources, replacedBefore } from './sources.ts';
import { writeDerived } from './write-derived.ts';

export interface DerivedRelease {
  name: string;
  version: string;
  /** Some rows of them; all, where that is not asked for. */
  sample?: ReleaseQuery['sample'];
  /** Licences that rows may have; by default those of the sources where all were built alike, and `known` where not. */
  licences?: ReleaseQuery['licences'];
  /** Kinds of things that are replaced in rows and ledger; by default none. */
  redact?: readonly PrivateKind[] | undefined;
  out: ReleaseFolder;
  /** Called with every row. */
  onProgress?: (progress: ReleaseProgress) => void;
  signal?: AbortSignal;
}

/** What was made, and which rows are there once although several releases, or one under several ids, have them. */
export interface Derived {
  manifest: ReleaseManifest;
  /** Ids that more than one release has. */
  same_id: number;
  /** Id → id of the row with the same content that stands for it; the smallest one. */
  same_content: Record<string, string>;
  /** Rows that a release has and that are left out for their licence. */
  refused_rows: number;
}

/**
 * Makes a release of others: their rows together, or some of them, with the ledgers of all. What comes out is the same in whatever order
 * and however often they are named: rows lie by harness, teacher and dataset, sorted by id. A row that several have is there once. Throws
 * `Problem` release_conflict where columns differ, or where two have a row with other content or other decisions; release_damaged where
 * shards and ledger of one do not fit.
 */
export async function deriveRelease(folders: readonly ReleaseFolder[], asked: DerivedRelease): Promise<Derived> {
  const releases = await openSources(folders);
  const progress = new BuildProgress(asked);
  return await asked.out.replace(
    async (draft) => {
      const total = releases.reduce((sum, { manifest }) => sum + manifest.rows, 0);
      progress.set({ phase: 'comparing', rows: total });
      const places = await readPlaces(releases, asked.signal);
      const gate = gateOf(releases, asked.licences);
      const { likely, same_id, facts, refused_rows } = await readLedgers(releases, gate, asked);
      let compared = 0;
      const twins = await sameContent(likely.ids, places, (rows) => {
        compared += rows;
        progress.set({ checked: compared });
      });
      const query: ReleaseQuery = {
        campaigns: [...new Set(releases.flatMap(({ manifest }) => manifest.query?.campaigns ?? [manifest.campaign]))].sort(),
        ...gate,
        derived: true,
        ...(asked.sample && { sample: asked.sample }),
      };
      const ids = asked.sample && sampleRows(facts, asked.sample, query);
      const manifest = await writeFiles(draft, releases, { query, twins, ids, places }, asked, progress);
      return { manifest, same_id, same_content: Object.fromEntries(twins), refused_rows };
    },
    { onWait: () => progress.set({ phase: 'waiting' }), ...(asked.signal && { signal: asked.signal }) },
  );
}

/** What has to be known of the ledgers before the first row is planned. */
async function readLedgers(
  releases: readonly OpenRelease[],
  gate: Pick<ReleaseQuery, 'licences'>,
  { sample, signal }: DerivedRelease,
): Promise<Pick<Derived, 'same_id' | 'refused_rows'> & { likely: Likely; facts: StratumFacts[] }> {
  const likely = new Likely();
  const facts: StratumFacts[] = [];
  const rows = releases.map(() => 0);
  let [same_id, refused_rows] = [0, 0];
  for await (const { entry, releases: having } of mergedEntries(releases, signal)) {
    if (having.length === 0) continue;
    for (const at of having) rows[at] = (rows[at] ?? 0) + 1;
    same_id += having.length - 1;
    if (licenceRefusal(gate, entry.license) !== undefined) refused_rows += 1;
    if (releases.length > 1) likely.add(entry);
    const { id, key, language, repo, license } = entry;
    if (sample !== undefined) facts.push({ id, key: { harness: key.harness, mode: key.mode }, language, repo, license });
  }
  for (const [at, { folder, manifest }] of releases.entries()) {
    if (rows[at] === manifest.rows) continue;
    throw new Problem('release_damaged', `${folder.location} has ${manifest.rows} rows, and its ledger the hashes of ${rows[at]}`, {
      hint: 'see tracemill release verify; a release of an earlier version is built again: tracemill release build',
    });
  }
  return { likely, same_id, facts, refused_rows };
}

async function writeFiles(
  draft: ReleaseDraft,
  releases: readonly OpenRelease[],
  choice: Choice & { places: RowPlaces },
  { name, version, redact = [], signal }: DerivedRelease,
  progress: BuildProgress,
): Promise<ReleaseManifest> {
  const { query, places } = choice;
  const form = releases[0]?.manifest.form ?? 'trajectory';
  progress.set({ phase: 'planning', checked: 0 });
  const plan = await planDerived(finalEntries(releases, choice, signal), { query, places, redact });
  progress.set({ phase: 'writing', rows: plan.rows, shards: plan.shards.length });
  const { shards, contentSha256, hashes, redacted } = await writeDerived(draft, plan.shards, { places, form, redact, progress, signal });
  progress.set({ phase: 'finishing' });
  const { redacted: ledger_entries, ...ledger } = await writeHashed(draft, 'ledger.jsonl', async (write) => {
    const counts = { entries: 0, redacted: 0 };
    for await (const entry of finalEntries(releases, choice, signal)) {
      const row_sha256 = entry.row_sha256 === null ? null : (hashes.get(entry.id) ?? entry.row_sha256);
      const published = redact.length === 0 ? { entry, places: 0 } : redactEntry(entry, redact);
      await write(Buffer.from(`${JSON.stringify(ReleasedLedgerEntry.parse({ ...published.entry, row_sha256 }))}\n`));
      counts.entries += 1;
      if (published.places > 0) counts.redacted += 1;
    }
    return counts;
  });
  const before = replacedBefore(releases);
  const { rows, places: replaced, patches } = redacted;
  const redaction = { version: privateTextVersion, kinds: [...redact], rows, places: replaced, patches, ledger_entries };
  const facts = {
    format: 1 as const,
    campaign: name,
    version,
    query,
    form,
    rows: plan.rows,
    not_selected: plan.notSelected,
    refused_licences: plan.refusedLicences,
    ...(redact.length > 0 && { redaction }),
    ...(before.length > 0 && { redacted_before: before }),
    content_sha256: contentSha256,
    shards,
    ledger,
    columns: describeColumns(form),
    filters: plan.filters,
    funnel: funnelOf(releases),
    statistics: plan.statistics,
    figures: plan.figures,
  };
  const { card, others } = cardFiles(facts);
  const written = await writeText(draft, card.path, card.text);
  const card_files: ReleaseManifest['card_files'] = [];
  for (const other of others) card_files.push(await writeText(draft, other.path, other.text));
  const manifest = ReleaseManifest.parse({ ...facts, card: written, card_files });
  await writeText(draft, 'manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function writeText(draft: ReleaseDraft, path: string, text: string): Promise<ReleaseManifest['card']> {
  return await writeHashed(draft, path, async (write) => {
    await write(Buffer.from(text));
    return {};
  });
}
