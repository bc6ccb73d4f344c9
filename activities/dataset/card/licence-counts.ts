import type { RepositoryRows } from '../../../schemas/release-figures.ts';
import { licenceIdentifier, statesNoLicence } from '../../licences/licence-names.ts';

export interface LicenceCount {
  /** The SPDX name, the licence as stated where SPDX has none, or `not stated`. */
  name: string;
  rows: number;
  repositories: number;
}

export function licenceName(stated: string): string {
  if (statesNoLicence(stated)) return 'not stated';
  return licenceIdentifier(stated) ?? stated;
}

/** Rows and repositories of each licence, the most rows first. */
export function licenceCounts(repositories: readonly RepositoryRows[]): LicenceCount[] {
  const counts = new Map<string, { rows: number; repositories: Set<string> }>();
  for (const { repo, license, rows } of repositories) {
    const name = licenceName(license);
    const count = counts.get(name) ?? { rows: 0, repositories: new Set<string>() };
    count.rows += rows;
    count.repositories.add(repo);
    counts.set(name, count);
  }
  return [...counts]
    .map(([name, count]) => ({ name, rows: count.rows, repositories: count.repositories.size }))
    .sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1));
}
