import type { Alarm, AlarmTest } from '../../../schemas/alarm.ts';
import type { Comparison, HealthFigures, PairedFigures } from '../../../schemas/evaluation-figures.ts';
import type { EvaluationRecord } from '../../../schemas/evaluation-record.ts';
import { cellLabel, cellsOf } from '../figures/cells.ts';
import { compareRecords } from '../figures/compare.ts';
import { healthOf } from '../figures/health.ts';
import { percent, points } from '../report/numbers.ts';
import { holm } from '../statistics/holm.ts';
import { normalQuantile } from '../statistics/normal.ts';
import { smallestDifference, smallestMeanDifference } from '../statistics/smallest-difference.ts';
import { thresholds } from './thresholds.ts';

/**
 * Whether an evaluation is worse than its baseline. Its health comes first: what measured the machinery is invalid, and
 * no regression. `previous` is the last check against the same baseline, for the warning of two drops in a row. Throws
 * `Problem` bad_evaluation_record for a record that contradicts itself.
 */
export function judge({
  evaluation,
  baseline,
  previous = null,
}: {
  evaluation: EvaluationRecord;
  baseline: EvaluationRecord;
  previous?: Alarm | null;
}): Alarm {
  const comparison = compareRecords(evaluation, baseline, { detail: false });
  const names = { evaluation: evaluation.name, baseline: baseline.name };
  const tests = testsOf(comparison);
  const invalid = [...incomparable(comparison), ...unhealthy(healthOfRecord(evaluation), healthOfRecord(baseline))];
  if (invalid.length > 0) return { ...names, verdict: 'invalid', reasons: invalid, tests };
  const regressions = tests.filter(isRegression);
  if (regressions.length > 0) return { ...names, verdict: 'regression', reasons: regressions.map(dropInWords), tests };
  const comparable = previous?.baseline === baseline.name && previous.verdict !== 'invalid' ? previous.tests : [];
  const before = new Set(comparable.filter(isDrop).map(({ cell }) => cell));
  const again = tests.filter((test) => isDrop(test) && before.has(test.cell));
  const reasons = again.map((test) => `${dropInWords(test)}, the second in a row`);
  return { ...names, verdict: again.length > 0 ? 'warning' : 'fine', reasons, tests };
}

function healthOfRecord(record: EvaluationRecord): HealthFigures {
  return healthOf(cellsOf(record), record.benchmark.instances.length);
}

function incomparable({ sets, only_here, only_there, cells }: Comparison): string[] {
  if (sets === 'refused') {
    return [`its instances are not those of the baseline: ${only_here} are not in the baseline, ${only_there} only there`];
  }
  return cells.length === 0 ? ['no harness and mode of it is in the baseline'] : [];
}

function unhealthy(health: HealthFigures, baseline: HealthFigures): string[] {
  const tooMuch = (share: number, limit: number, what: string) =>
    share > limit ? [`${percent(share)} of ${what}, more than ${percent(limit)}`] : [];
  const [loops, before] = [health.loops_and_limits, baseline.loops_and_limits];
  const doubled =
    loops > thresholds.loops_times * before && beyondChance(health, baseline)
      ? [`${percent(loops)} of the rollouts loop or reach the turn limit, in the baseline ${percent(before)}`]
      : [];
  return [
    ...tooMuch(health.infra_errors, thresholds.infra_errors, 'the rollouts were broken by infrastructure or did not run'),
    ...tooMuch(health.empty_patches, thresholds.empty_patches, 'the patches are empty'),
    ...tooMuch(health.unparsed_calls, thresholds.unparsed_calls, 'the tool calls could not be read'),
    ...doubled,
  ];
}

/** Among few rollouts chance alone doubles a small share: the two shares must differ by more than it explains (z test). */
function beyondChance(health: HealthFigures, baseline: HealthFigures): boolean {
  const pooled =
    (health.loops_and_limits * health.outcomes + baseline.loops_and_limits * baseline.outcomes) / (health.outcomes + baseline.outcomes);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / health.outcomes + 1 / baseline.outcomes));
  return health.loops_and_limits - baseline.loops_and_limits > normalQuantile(1 - thresholds.loops_p) * error;
}

/** Each cell and all of them together, p values corrected for their number: four cells would raise four times as many alarms. */
function testsOf({ cells, overall }: Comparison): AlarmTest[] {
  const compared = overall === null ? cells : [overall, ...cells];
  const corrected = holm(compared.map(({ p_loss }) => p_loss));
  return compared.map((paired, index) => ({
    cell: nameOf(paired),
    instances: paired.instances,
    difference: paired.difference,
    p: paired.p_loss,
    p_corrected: corrected[index] ?? 1,
    detectable: detectableRegression(paired, compared.length),
  }));
}

/** The drop that the alarm finds in 95 of 100 nights, as a share: never less than the drop that it asks for. */
export function detectableRegression(
  { instances, discordance, test }: Pick<PairedFigures, 'instances' | 'discordance' | 'test'>,
  tests: number,
): number | null {
  const asked = { instances, alpha: thresholds.regression_p / tests, power: 0.95, sides: 1 as const };
  const found =
    test === 'mcnemar'
      ? smallestDifference({ ...asked, discordant: discordance })
      : smallestMeanDifference({ ...asked, meanSquare: discordance });
  return found === null ? null : Math.max(found, thresholds.regression_drop);
}

function nameOf({ harness, mode }: PairedFigures): string {
  return harness === null || mode === null ? 'overall' : cellLabel({ harness, mode });
}

function isRegression({ difference, p_corrected }: AlarmTest): boolean {
  return p_corrected < thresholds.regression_p && difference <= -thresholds.regression_drop;
}

function isDrop({ difference, p_corrected }: AlarmTest): boolean {
  return p_corrected < thresholds.warning_p && difference < 0;
}

function dropInWords({ cell, difference, p_corrected, instances }: AlarmTest): string {
  return `${cell}: ${points(difference)} on ${instances} instances, p = ${p_corrected.toPrecision(2)}`;
}
