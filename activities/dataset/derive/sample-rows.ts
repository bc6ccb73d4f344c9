import { hash } from 'node:crypto';
import type { ReleasedLedgerEntry } from '../../../schemas/release.ts';
import type { ReleaseQuery } from '../../../schemas/release-query.ts';
import { licenceRefusal } from '../selection/licence-gate.ts';

/** What a row of a release is chosen by. */
export interface StratumFacts extends Pick<ReleasedLedgerEntry, 'id' | 'language' | 'repo' | 'license'> {
  key: Pick<ReleasedLedgerEntry['key'], 'harness' | 'mode'>;
}

/** What rows are told apart by. */
const strata = {
  cell: ({ key, language }: StratumFacts) => `${key.harness} ${key.mode} ${language}`,
  language: ({ language }: StratumFacts) => language,
  repo: ({ repo }: StratumFacts) => repo,
};

/**
 * Ids of a sample of a release's rows whose licence may enter: of each stratum (by default a cell: harness, mode, language) its share of `rows`, by largest remainder. Which ones
 * follows from the seed and their ids alone, so a larger sample with the same seed holds a smaller one's rows of a cell.
 */
export function sampleRows(
  entries: readonly StratumFacts[],
  { rows, seed, by }: NonNullable<ReleaseQuery['sample']>,
  gate: Pick<ReleaseQuery, 'licences'> = { licences: 'any' },
): Set<string> {
  const cells = new Map<string, string[]>();
  for (const entry of entries) {
    if (licenceRefusal(gate, entry.license) !== undefined) continue;
    const name = strata[by](entry);
    const ids = cells.get(name) ?? [];
    ids.push(entry.id);
    cells.set(name, ids);
  }
  const total = [...cells.values()].reduce((sum, ids) => sum + ids.length, 0);
  const wanted = Math.min(rows, total);
  const shares = [...cells.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, ids]) => {
      const exact = total === 0 ? 0 : (ids.length * wanted) / total;
      return { ids, count: Math.floor(exact), rest: exact - Math.floor(exact) };
    });
  let left = wanted - shares.reduce((sum, { count }) => sum + count, 0);
  for (const share of shares.toSorted((a, b) => b.rest - a.rest)) {
    if (left === 0) break;
    share.count += 1;
    left -= 1;
  }
  return new Set(
    shares.flatMap(({ ids, count }) =>
      ids
        .map((id) => ({ id, at: hash('sha256', `${seed} ${id}`) }))
        .sort((a, b) => (a.at < b.at ? -1 : 1))
        .slice(0, count)
        .map(({ id }) => id),
    ),
  );
}
