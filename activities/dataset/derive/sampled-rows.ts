import type { DatasetRow } from '../../../schemas/dataset-row.ts';
import type { ReleaseQuery } from '../../../schemas/release-query.ts';
import { Problem } from '../../../schemas/problem.ts';
import { isFound, privateRules } from '../figures/figures.ts';
import { licenceRefusal, RefusedLicences } from '../selection/licence-gate.ts';
import { releasedEntries } from '../selection/released-entries.ts';
import type { ReleaseFolder } from '../release-folder.ts';
import { readPlaces } from './row-places.ts';
import { rowsAt } from './rows-at.ts';
import { sampleRows, type StratumFacts } from './sample-rows.ts';
import { gateOf, openSources } from './sources.ts';

export interface SampledRows {
  rows: AsyncGenerator<DatasetRow>;
  chosen: number;
  /** Rows of the release that were not chosen from, by what is wrong with their licence. */
  refused: ReturnType<RefusedLicences['list']>;
  /** Of the chosen rows, by rule: those in which something was found that should not be published. */
  found: Record<string, number>;
  /** Of the chosen rows, those without a known licence. */
  unlicensed: number;
}

/** Stands beside the names of rules for what a row has. */
const unlicensed = 'no known licence';

/** Rows of a sample in the order of the release. Reads no others. */
export async function sampledRows(
  folder: ReleaseFolder,
  sample: NonNullable<ReleaseQuery['sample']>,
  licences?: ReleaseQuery['licences'],
  signal?: AbortSignal,
): Promise<SampledRows> {
  const releases = await openSources([folder]);
  const gate = gateOf(releases, licences);
  const facts: StratumFacts[] = [];
  const refused = new RefusedLicences();
  const marks = new Map<string, string[]>();
  for (const { folder: place, manifest } of releases) {
    for await (const entry of releasedEntries(place, manifest)) {
      signal?.throwIfAborted();
      if (entry.row_sha256 === null) continue;
      refused.add(gate, entry.license);
      const { id, key, language, repo, license, decisions } = entry;
      const marked = privateRules.filter((rule) => isFound(decisions, rule));
      if (licenceRefusal({}, license) !== undefined) marked.push(unlicensed);
      if (marked.length > 0) marks.set(id, marked);
      facts.push({ id, key: { harness: key.harness, mode: key.mode }, language, repo, license });
    }
  }
  const places = await readPlaces(releases, signal);
  const ids = [...sampleRows(facts, sample, gate)];
  const counts = new Map<string, number>();
  for (const mark of ids.flatMap((id) => marks.get(id) ?? [])) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  const chosen = ids.map((id) => {
    const place = places.get(id);
    if (place !== undefined) return place;
    throw new Problem('release_damaged', `row ${id} is on the ledger of its release and in no shard`, {
      hint: 'see: tracemill release verify',
    });
  });
  const form = releases[0]?.manifest.form ?? 'trajectory';
  const paths = places.shards.map(({ path }) => path);
  const inOrder = chosen.sort((a, b) => a.shard - b.shard || a.row - b.row);
  return {
    rows: rowsAt(paths, form, inOrder),
    chosen: chosen.length,
    refused: refused.list(),
    found: Object.fromEntries(privateRules.flatMap((rule) => (counts.has(rule) ? [[rule, counts.get(rule) ?? 0]] : []))),
    unlicensed: counts.get(unlicensed) ?? 0,
  };
}
