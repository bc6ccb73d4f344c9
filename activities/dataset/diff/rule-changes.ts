import { type Decision, decidingRule } from '../../../schemas/ledger-entry.ts';
import type { ReleasedLedgerEntry, ReleaseManifest } from '../../../schemas/release.ts';
import type { FilterChange, RowStanding, RuleChange } from '../../../schemas/release-diff.ts';

/** Where a row stands in one release, by that release's ledger. */
export function standingOf(entry: ReleasedLedgerEntry | undefined, isRow: boolean): RowStanding {
  const dropped_by = entry === undefined || entry.kept ? null : (decidingRule(entry) ?? null);
  const fate = isRow ? 'row' : entry === undefined ? 'unrecorded' : entry.kept ? 'not_selected' : 'dropped';
  const { resolved = null, verdict = null, findings = null } = entry ?? {};
  return { fate, dropped_by, resolved, verdict: verdict?.reason ?? null, findings: findings?.length ?? null };
}

/** The rules that judge a row differently in two ledgers, in the order of the second one. Nothing where one has no entry. */
export function ruleChanges(before: ReleasedLedgerEntry | undefined, after: ReleasedLedgerEntry | undefined): RuleChange[] {
  if (before === undefined || after === undefined) return [];
  const [ofBefore, ofAfter] = [byRule(before.decisions), byRule(after.decisions)];
  return [...new Set([...ofAfter.keys(), ...ofBefore.keys()])].flatMap((rule) => {
    const change = { rule, before: ofBefore.get(rule) ?? null, after: ofAfter.get(rule) ?? null };
    return JSON.stringify(change.before) === JSON.stringify(change.after) ? [] : [change];
  });
}

function byRule(decisions: readonly Decision[]): Map<string, Decision> {
  return new Map(decisions.map((decision) => [decision.rule, decision]));
}

/** Rules that two releases apply otherwise, or that only one of them applies, by name. */
export function filterChanges(before: ReleaseManifest, after: ReleaseManifest): FilterChange[] {
  const rules = new Set([...before.filters, ...after.filters].map(({ rule }) => rule));
  return [...rules].sort().flatMap((rule) => {
    const change = { rule, before: settingsOf(before, rule), after: settingsOf(after, rule) };
    return JSON.stringify(change.before) === JSON.stringify(change.after) ? [] : [change];
  });
}

function settingsOf({ filters }: ReleaseManifest, wanted: string): FilterChange['before'] {
  return filters.flatMap(({ rule, preset, version, parameters }) => (rule === wanted ? [{ preset, version, parameters }] : []));
}
