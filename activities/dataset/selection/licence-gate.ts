import type { ReleaseManifest } from '../../../schemas/release.ts';
import type { ReleaseQuery } from '../../../schemas/release-query.ts';
import { licenceCheck } from '../../licences/allowed-licence.ts';
import { parseLicence } from '../../licences/licence-expression.ts';
import { statesNoLicence } from '../../licences/licence-names.ts';

/**
 * Why the licence of a row's repository keeps it out of a release, in a few words that are the same for rows with the same fault; undefined
 * where it may enter. Unless the query says otherwise, every licence may that is stated and known: a row of another tool, of which nobody
 * says one, never gets in unseen.
 */
export function licenceRefusal({ licences = 'known' }: Pick<ReleaseQuery, 'licences'>, license: string): string | undefined {
  if (licences === 'any') return undefined;
  if (licences !== 'known') return licenceCheck(licences)(license)?.kind;
  if (statesNoLicence(license)) return 'no licence stated';
  return isKnown(license) ? undefined : `unknown licence ${license.trim()}`;
}

/** Every part of an expression has a name that SPDX knows, or one of those that may be chosen instead. */
function isKnown(license: string): boolean {
  const known = (part: ReturnType<typeof parseLicence>): boolean => {
    if (part === null) return false;
    if (part.kind === 'licence') return part.known;
    return part.kind === 'or' ? known(part.left) || known(part.right) : known(part.left) && known(part.right);
  };
  return known(parseLicence(license));
}

/** Counts kept rows that a query leaves out and whose licence may not enter, by what is wrong with it. */
export class RefusedLicences {
  readonly #counts = new Map<string, number>();

  add(query: Pick<ReleaseQuery, 'licences'>, license: string): void {
    const refusal = licenceRefusal(query, license);
    if (refusal !== undefined) this.#counts.set(refusal, (this.#counts.get(refusal) ?? 0) + 1);
  }

  /** The most rows first. */
  list(): ReleaseManifest['refused_licences'] {
    return [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([licence, rows]) => ({ licence, rows }));
  }
}
