import type { LedgerEntry } from '../../../schemas/ledger-entry.ts';
import type { ReleaseQuery } from '../../../schemas/release-query.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { licenceRefusal } from './licence-gate.ts';

type Asked = Pick<LedgerEntry, 'kept' | 'preset' | 'key' | 'language' | 'resolved' | 'findings' | 'license'>;

/** Whether a release with this query has the row. */
export function isSelected(query: ReleaseQuery, { kept, preset, key, language, license, resolved, findings }: Asked): boolean {
  return (
    kept &&
    query.campaigns.includes(key.campaign) &&
    (query.preset === undefined || query.preset === preset) &&
    allows(query.harnesses, key.harness) &&
    allows(query.modes, key.mode) &&
    allows(query.languages, language) &&
    allows(query.resolved, resolved) &&
    hasFindings(query.findings, findings) &&
    licenceRefusal(query, license) === undefined
  );
}

function allows<T>(wanted: readonly T[] | undefined, value: T): boolean {
  return wanted?.includes(value) ?? true;
}

function hasFindings(wanted: ReleaseQuery['findings'], findings: Asked['findings']): boolean {
  if (wanted === undefined) return true;
  if (wanted === 'none') return findings.length === 0;
  if (wanted === 'some') return findings.length > 0;
  return findings.some(({ category }) => wanted.includes(category));
}

/** The entries of several campaigns, sorted by id as those of one are. */
export async function* entriesOf(ledger: Ledger, campaigns: readonly string[]): AsyncGenerator<LedgerEntry> {
  const open: { source: AsyncIterator<LedgerEntry>; next: LedgerEntry }[] = [];
  for (const campaign of new Set(campaigns)) {
    const source = ledger.entries(campaign)[Symbol.asyncIterator]();
    const first = await source.next();
    if (first.done !== true) open.push({ source, next: first.value });
  }
  for (;;) {
    const least = open.reduce<(typeof open)[number] | undefined>(
      (best, each) => (best === undefined || each.next.id < best.next.id ? each : best),
      undefined,
    );
    if (least === undefined) return;
    yield least.next;
    const following = await least.source.next();
    if (following.done === true) open.splice(open.indexOf(least), 1);
    else least.next = following.value;
  }
}
