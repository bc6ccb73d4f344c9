import { isDeepStrictEqual } from 'node:util';
import type { FunnelCounts } from '../../../schemas/ledger-record.ts';
import type { ReleaseManifest } from '../../../schemas/release.ts';
import type { Damages } from './damages.ts';
import type { LedgerFacts } from './ledger-facts.ts';

/** Holds each number of the manifest against the one made anew. Gives the manifest as it should be. */
export function compareNumbers(
  manifest: ReleaseManifest,
  ledger: LedgerFacts,
  found: { rows: number; contentSha256: string; columns: ReleaseManifest['columns'] },
  damages: Damages,
): ReleaseManifest {
  const made: Partial<ReleaseManifest> = {
    rows: found.rows,
    not_selected: ledger.notSelected,
    content_sha256: found.contentSha256,
    columns: found.columns,
    filters: ledger.tally.tallies(),
    statistics: ledger.statistics.cells(),
    refused_licences: ledger.refusedLicences.list(),
    // Earlier releases have none.
    ...(manifest.figures !== undefined && { figures: ledger.figures.figures() }),
  };
  const said = new Map<string, unknown>(Object.entries(manifest));
  for (const [name, value] of Object.entries(made)) compare(name, said.get(name), value, damages);
  compare('ledger.entries', manifest.ledger.entries, ledger.entries, damages);
  compareFunnel(manifest, ledger, damages);
  return { ...manifest, ...made, ledger: { ...manifest.ledger, entries: ledger.entries } };
}

/** Names the deepest place where both part. */
function compare(place: string, said: unknown, made: unknown, damages: Damages): void {
  if (isDeepStrictEqual(said, made)) return;
  if (typeof said === 'object' && typeof made === 'object' && said !== null && made !== null) {
    const [left, right] = [new Map<string, unknown>(Object.entries(said)), new Map<string, unknown>(Object.entries(made))];
    for (const name of new Set([...left.keys(), ...right.keys()])) compare(`${place}.${name}`, left.get(name), right.get(name), damages);
    return;
  }
  damages.add('wrong_number', 'manifest.json', `${place} is ${JSON.stringify(said)}; by ledger and rows it is ${JSON.stringify(made)}`);
}

/** What the ledger of a release says of its funnel; rollouts without an entry are in none of its lines. */
function compareFunnel({ funnel }: ReleaseManifest, ledger: LedgerFacts, damages: Damages): void {
  const { total, cells } = funnel;
  const [resolved, unresolved, unknown] = [ledger.resolved['1'], ledger.resolved['0'], ledger.resolved['-1']];
  const made = { kept: ledger.kept, resolved, unresolved, unknown };
  for (const [name, value] of Object.entries(made))
    compare(`funnel.total.${name}`, new Map(Object.entries(total)).get(name), value, damages);
  for (const [rule, count] of Object.entries(total.dropped_by))
    compare(`funnel.total.dropped_by.${rule}`, count, ledger.droppedBy.get(rule) ?? 0, damages);
  const fates = sum(total);
  if (total.planned !== fates)
    damages.add('wrong_number', 'manifest.json', `funnel.total.planned is ${total.planned}; its fates add up to ${fates}`);
  for (const name of [
    'planned',
    'open',
    'gated_out',
    'lost',
    'unparsed',
    'dropped',
    'kept',
    'resolved',
    'unresolved',
    'unknown',
    'ambiguous',
  ] as const) {
    const inCells = cells.reduce((count, { counts }) => count + counts[name], 0);
    if (inCells !== total[name])
      damages.add('wrong_number', 'manifest.json', `funnel.total.${name} is ${total[name]}; its cells add up to ${inCells}`);
  }
}

function sum({ open, gated_out, lost, unparsed, dropped, kept }: FunnelCounts): number {
  return open + gated_out + lost + unparsed + dropped + kept;
}
