import type { ReleasedLedgerEntry } from '../../../schemas/release.ts';
import type { ReleaseQuery } from '../../../schemas/release-query.ts';
import { licenceRefusal } from '../selection/licence-gate.ts';
import type { OpenRelease } from '../open-release.ts';
import { mergedEntries, noteOf } from './merged-entries.ts';

/** What keeps a row of the sources out of a release that is made of them. */
export interface Choice {
  query: ReleaseQuery;
  /** Id → id of the row that stands for it. */
  twins: ReadonlyMap<string, string>;
  /** Rows of a sample; all, where there is none. */
  ids?: ReadonlySet<string> | undefined;
}

/** The ledger of the new release, sorted by id: rows that it does not have are without a hash. The same every time that it is read. */
export async function* finalEntries(
  releases: readonly OpenRelease[],
  { query, twins, ids }: Choice,
  signal?: AbortSignal,
): AsyncGenerator<ReleasedLedgerEntry> {
  for await (const { entry, note } of mergedEntries(releases, signal)) {
    const twin = twins.get(entry.id);
    const said = twin === undefined ? (entry.row_sha256 === null ? note : undefined) : noteOf(twin);
    const stays = twin === undefined && (ids === undefined || ids.has(entry.id)) && licenceRefusal(query, entry.license) === undefined;
    yield {
      ...entry,
      row_sha256: stays ? entry.row_sha256 : null,
      decisions: said === undefined ? entry.decisions : [...entry.decisions, said],
    };
  }
}
