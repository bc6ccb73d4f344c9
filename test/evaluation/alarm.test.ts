import { describe, expect, it } from 'vitest';
import { calibrate } from '../../activities/evaluation/alarm/calibrate.ts';
import { detectableRegression, judge } from '../../activities/evaluation/alarm/judge.ts';
import type { Alarm } from '../../schemas/alarm.ts';
import type { EvaluationRecord } from '../../schemas/evaluation-record.ts';
import { type SeededEvaluation, seededRecord, trueRate } from './seeded-record.ts';

function check(evaluation: EvaluationRecord, baseline: EvaluationRecord, previous: Alarm | null = null): Alarm {
  return judge({ evaluation, baseline, previous });
}

const four: Pick<SeededEvaluation, 'cells'> = {
  cells: [
    { harness: 'openhands', mode: 'think' },
    { harness: 'openhands', mode: 'no_think' },
    { harness: 'sweagent', mode: 'think' },
    { harness: 'sweagent', mode: 'no_think' },
  ],
};

/** Verdicts of 100 nights: ten against each of ten accepted runs, since a lucky one stays the baseline for many nights. */
function hundredNights(size: Omit<SeededEvaluation, 'seed'>, regression: number): Record<string, number> {
  const verdicts: Record<string, number> = {};
  for (let accepted = 0; accepted < 10; accepted++) {
    const baseline = seededRecord({ ...size, seed: 1 + accepted });
    for (let night = 0; night < 10; night++) {
      const { verdict } = check(seededRecord({ ...size, regression, seed: 1000 + accepted * 10 + night }), baseline);
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    }
  }
  return verdicts;
}

/** The share of its abilities that a model loses when its rate falls by `drop`. */
const losing = (drop: number, instances: number) => drop / trueRate(instances);

describe('100 nights of a model that did not change', () => {
  it.each([
    ['200 instances', { instances: 200 }],
    ['500 instances', { instances: 500 }],
    ['200 instances, three runs', { instances: 200, runs: 3 }],
    ['200 instances in four cells', { instances: 200, ...four }],
  ])('raise at most two alarms: %s', { timeout: 120_000 }, (_, size) => {
    const verdicts = hundredNights(size, 0);
    expect(verdicts['regression'] ?? 0).toBeLessThanOrEqual(2);
    expect(verdicts['invalid'] ?? 0).toBe(0);
  });
});

describe('100 nights of a model that became worse', () => {
  /* What a night finds depends on its size: on 200 instances, run once, nothing below about 16 points. */
  it.each([
    ['16 points on 200 instances', { instances: 200 }, 0.16],
    ['10.5 points on 500 instances', { instances: 500 }, 0.105],
    ['9 points on 200 instances, three runs', { instances: 200, runs: 3 }, 0.09],
    ['8 points on 200 instances in four cells', { instances: 200, ...four }, 0.08],
  ])('are found but for at most five: %s', { timeout: 120_000 }, (_, size, drop) => {
    const verdicts = hundredNights(size, losing(drop, size.instances));
    expect(verdicts['regression'] ?? 0).toBeGreaterThanOrEqual(95);
  });

  it('are mostly missed where the drop is smaller than the noise, as the detectable size says', { timeout: 60_000 }, () => {
    const verdicts = hundredNights({ instances: 200 }, losing(0.04, 200));
    expect(verdicts['regression'] ?? 0).toBeLessThan(30);
    expect(detectableRegression({ instances: 200, discordance: 0.2, test: 'mcnemar' }, 1)).toBeGreaterThan(0.12);
  });
});

describe('health', () => {
  const baseline = seededRecord({ seed: 1 });
  it.each([
    ['infrastructure', { infraErrors: 0.08 }, /broken by infrastructure/],
    ['empty patches', { emptyPatches: 0.12 }, /patches are empty/],
    ['calls that could not be read', { unparsedCalls: 0.02 }, /tool calls could not be read/],
    ['loops', { loops: 0.2 }, /loop or reach the turn limit, in the baseline/],
  ])('comes before regressions: %s', (_, unwell, reason) => {
    const alarm = check(seededRecord({ seed: 2, regression: 0.5, ...unwell }), baseline);
    expect(alarm.verdict).toBe('invalid');
    expect(alarm.reasons.join('\n')).toMatch(reason);
  });

  it('also means that the same was measured', () => {
    const smaller = seededRecord({ seed: 3, instances: 100 });
    expect(check(smaller, baseline)).toMatchObject({ verdict: 'invalid', reasons: [expect.stringMatching(/instances are not those/)] });
    const elsewhere = seededRecord({ seed: 3, cells: [{ harness: 'sweagent', mode: 'think' }] });
    expect(check(elsewhere, baseline)).toMatchObject({ verdict: 'invalid', reasons: ['no harness and mode of it is in the baseline'] });
  });
});

describe('a warning', () => {
  // 9 points on 200 instances: seen, but not proven by one night.
  const baseline = seededRecord({ seed: 21 });
  const nights = Array.from({ length: 60 }, (_, night) => seededRecord({ seed: 900 + night, regression: losing(0.09, 200) }));
  const drop = nights
    .map((night) => check(night, baseline))
    .find(({ verdict, tests: [test] }) => verdict === 'fine' && (test?.p_corrected ?? 1) < 0.05);

  it('comes of two drops in a row against the same baseline', () => {
    if (drop === undefined) throw new Error('no night of the seeds is a drop without proof');
    const night = nights.find((record) => check(record, baseline).tests[0]?.p === drop.tests[0]?.p);
    if (night === undefined) throw new Error('no such night');
    expect(check(night, baseline, null).verdict).toBe('fine');
    expect(check(night, baseline, drop)).toMatchObject({ verdict: 'warning', reasons: [expect.stringMatching(/second in a row/)] });
    expect(check(night, baseline, { ...drop, baseline: 'another' }).verdict).toBe('fine');
    expect(check(night, baseline, { ...drop, verdict: 'invalid' }).verdict).toBe('fine');
  });
});

describe('calibration', () => {
  it('tells from unchanged reruns how large the noise is', () => {
    const reruns = [1, 2, 3, 4].map((seed) => seededRecord({ name: `rerun-${seed}`, seed }));
    const { comparisons, verdicts, cells, evaluations } = calibrate(reruns);
    expect(evaluations).toEqual(['rerun-1', 'rerun-2', 'rerun-3', 'rerun-4']);
    expect(comparisons).toBe(12);
    expect(verdicts['regression'] ?? 0).toBe(0);
    const [cell] = cells;
    expect(cell?.rates).toHaveLength(4);
    expect(cell?.discordance).toBeGreaterThan(0.12);
    expect(cell?.discordance).toBeLessThan(0.25);
    expect(cell?.sd).toBeGreaterThan(0.005);
    expect(cell?.sd).toBeLessThan(0.06);
    expect(cell?.detectable).toBeGreaterThan(0.09);
  });

  it('refuses one run, and runs of other instances', () => {
    expect(() => calibrate([seededRecord({ seed: 1 })])).toThrow(/two or more/);
    expect(() => calibrate([seededRecord({ seed: 1 }), seededRecord({ seed: 2, instances: 50 })])).toThrow(/other instances/);
  });
});
