import type { ReleaseFigures } from '../../../../schemas/release-figures.ts';
import type { FunnelCounts } from '../../../../schemas/ledger-record.ts';
import type { ReleaseManifest, RowStatistics } from '../../../../schemas/release.ts';
import { licenceCounts } from '../licence-counts.ts';
import { type Bar, barChart } from './bars.ts';
import { histograms } from './histograms.ts';
import type { Picture } from './picture.ts';
import { resolveRates } from './resolve-rates.ts';

/** Every picture of a card, made of the same numbers as its tables. */
export function releasePictures(
  { funnel, not_selected, statistics }: Pick<ReleaseManifest, 'funnel' | 'not_selected' | 'statistics'>,
  figures: ReleaseFigures,
): Picture[] {
  return [
    barChart({
      name: 'funnel',
      title: 'From planned rollouts to kept rows',
      counts: 'Rollouts by what became of them; one that several rules drop counts for the first of them.',
      noun: 'rollout',
      series: ['rollouts'],
      bars: funnelBars(funnel.total, not_selected),
      empty: 'no rollout was planned',
    }),
    resolveRates(statistics),
    histograms(
      'turns',
      'Turns of a row',
      'Rows by their assistant turns, each harness and mode by itself.',
      'turns',
      figures.distributions,
      ({ turns }) => turns,
    ),
    histograms(
      'tokens',
      'Tokens that the teacher wrote in a row',
      'Rows by completion tokens of all replies; rows whose tokens nobody says are left out.',
      'completion tokens',
      figures.distributions,
      ({ completion_tokens }) => completion_tokens,
    ),
    barChart({
      name: 'languages',
      title: 'Rows by language',
      counts: 'Rows of the release by the language of their repository and by verdict.',
      noun: 'row',
      series: ['resolved', 'unresolved', 'unknown'],
      bars: languageBars(statistics),
      empty: 'the release has no rows',
    }),
    barChart({
      name: 'licences',
      title: 'Rows by licence',
      counts: 'Rows of the release by the licence of their repository, as its source states it.',
      noun: 'row',
      series: ['rows'],
      bars: licenceCounts(figures.repositories).map(({ name, rows }) => ({ name, parts: [rows] })),
      empty: 'the release has no rows',
    }),
    barChart({
      name: 'findings',
      title: 'Rows with findings of the scanner, by category',
      counts: 'All rows that were scanned; one with several findings of a category counts once.',
      noun: 'row',
      series: ['in the release', 'not in it'],
      bars: figures.findings.map(({ category, severity, kept_rows, other_rows }) => ({
        name: `${category}, ${severity}`,
        parts: [kept_rows, other_rows],
      })),
      empty: 'the scanner found nothing in any row',
    }),
    barChart({
      name: 'near-duplicates',
      title: 'Rows that do nearly the same as another row of their task',
      counts: 'Rows that no other rule drops.',
      noun: 'row',
      series: ['rows'],
      bars: nearDuplicateBars(figures.near_duplicates),
      empty: 'no rows were compared',
    }),
  ];
}

/** Names of the fates, beside what the funnel calls them; the rules in the order of how many they dropped. */
export function fatesOf(counts: FunnelCounts, notSelected: number): { name: string; rollouts: number }[] {
  const dropped = Object.entries(counts.dropped_by).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return [
    { name: 'planned', rollouts: counts.planned },
    { name: 'not finished', rollouts: counts.open },
    { name: 'task did not pass the gate', rollouts: counts.gated_out },
    { name: 'lost to infrastructure', rollouts: counts.lost },
    ...(counts.unparsed > 0 ? [{ name: 'not wholly readable', rollouts: counts.unparsed }] : []),
    ...dropped.map(([rule, rollouts]) => ({ name: `dropped by ${rule}`, rollouts })),
    { name: 'kept', rollouts: counts.kept },
    ...(notSelected > 0 ? [{ name: 'of these, not in the release', rollouts: notSelected }] : []),
  ];
}

function funnelBars(counts: FunnelCounts, notSelected: number): Bar[] {
  return counts.planned === 0 ? [] : fatesOf(counts, notSelected).map(({ name, rollouts }) => ({ name, parts: [rollouts] }));
}

function languageBars(statistics: readonly RowStatistics[]): Bar[] {
  const bars = new Map<string, [number, number, number]>();
  for (const { language, resolved, unresolved, unknown } of statistics) {
    const [a, b, c] = bars.get(language) ?? [0, 0, 0];
    bars.set(language, [a + resolved, b + unresolved, c + unknown]);
  }
  const size = ([a, b, c]: [number, number, number]) => a + b + c;
  return [...bars].sort(([a, m], [b, n]) => size(n) - size(m) || (a < b ? -1 : 1)).map(([name, parts]) => ({ name, parts }));
}

function nearDuplicateBars({ unlike, kept, left_out, not_judged }: ReleaseFigures['near_duplicates']): Bar[] {
  if (unlike + kept + left_out + not_judged === 0) return [];
  return [
    { name: 'unlike the others', parts: [unlike] },
    { name: 'nearly the same, in the release', parts: [kept] },
    { name: 'nearly the same, not in it', parts: [left_out] },
    ...(not_judged > 0 ? [{ name: 'not compared', parts: [not_judged] }] : []),
  ];
}
