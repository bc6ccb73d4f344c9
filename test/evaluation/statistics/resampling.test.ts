import { describe, expect, it } from 'vitest';
import { bootstrapMean } from '../../../activities/evaluation/statistics/bootstrap.ts';
import { randomIntegers, seedOf } from '../../../activities/evaluation/statistics/random.ts';
import { signFlip } from '../../../activities/evaluation/statistics/sign-flip.ts';

const numbers = (seed: number, count: number) => {
  const next = randomIntegers(seed);
  return Array.from({ length: count }, () => next() / 2 ** 32);
};

describe('random numbers', () => {
  it('depend on the seed alone', () => {
    expect(numbers(7, 5)).toEqual(numbers(7, 5));
    expect(numbers(7, 5)).not.toEqual(numbers(8, 5));
    expect(seedOf('openhands/think')).not.toBe(seedOf('openhands/no_think'));
  });

  it('fill the range evenly', () => {
    const counts = Array.from({ length: 20 }, () => 0);
    for (const value of numbers(3, 200_000)) counts[Math.floor(value * 20)] = (counts[Math.floor(value * 20)] ?? 0) + 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // 19 degrees of freedom: 99.9 % of honest generators stay below 43.8.
    expect(chiSquare).toBeLessThan(43.8);
  });
});

describe('cluster bootstrap', () => {
  const resolved = numbers(11, 500).map((value) => (value < 0.6 ? 1 : 0));
  const mean = resolved.reduce<number>((sum, value) => sum + value, 0) / 500;

  it('has the width that theory gives for independent instances', () => {
    const interval = bootstrapMean(resolved, { seed: 1 });
    const half = 1.96 * Math.sqrt((mean * (1 - mean)) / 500);
    expect(interval?.low).toBeCloseTo(mean - half, 2);
    expect(interval?.high).toBeCloseTo(mean + half, 2);
  });

  it('is wider where the instances of a repository agree', () => {
    // Ten repositories of 50 instances, each wholly resolved or not: ten cases, not 500.
    const values = Array.from({ length: 500 }, (_, index) => (Math.floor(index / 50) % 2 === 0 ? 1 : 0));
    const clusters = values.map((_, index) => `repo-${Math.floor(index / 50)}`);
    const single = bootstrapMean(values, { seed: 2 });
    const whole = bootstrapMean(values, { seed: 2, clusters });
    const width = (interval: typeof single) => (interval?.high ?? 0) - (interval?.low ?? 0);
    expect(width(single)).toBeCloseTo(2 * 1.96 * Math.sqrt(0.25 / 500), 2);
    expect(width(whole)).toBeGreaterThan(0.55);
  });

  it('covers the true mean about as often as it says', () => {
    const covered = Array.from({ length: 200 }, (_, night) => {
      const sample = numbers(1000 + night, 150).map((value) => (value < 0.4 ? 1 : 0));
      const interval = bootstrapMean(sample, { seed: night, draws: 1000 });
      return interval !== null && interval.low <= 0.4 && interval.high >= 0.4;
    }).filter(Boolean).length;
    expect(covered).toBeGreaterThanOrEqual(180);
    expect(covered).toBeLessThanOrEqual(199);
  });

  it('gives the same for the same seed, and nothing for nothing', () => {
    expect(bootstrapMean(resolved, { seed: 5 })).toEqual(bootstrapMean(resolved, { seed: 5 }));
    expect(bootstrapMean([], { seed: 5 })).toBeNull();
  });
});

describe('sign-flip permutation', () => {
  // All 4,096 sign patterns of these, counted with numpy.
  const differences = [1, 1, 1 / 3, -1 / 3, 2 / 3, 1, -1 / 3, 0, 1 / 3, 1, 2 / 3, -2 / 3];

  it('approaches the count over all sign patterns', () => {
    const tested = signFlip(differences, { seed: 3, draws: 100_000 });
    expect(tested.twoSided).toBeCloseTo(0.0703125, 2);
    expect(tested.loss).toBeCloseTo(0.9833984375, 2);
    expect(tested.gain).toBeCloseTo(0.03515625, 2);
  });

  it('finds nothing where nothing differs, and is never 0', () => {
    expect(signFlip([0, 0, 0], { seed: 1 })).toEqual({ twoSided: 1, loss: 1, gain: 1 });
    const allWorse = signFlip(
      Array.from({ length: 100 }, () => -1),
      { seed: 1, draws: 999 },
    );
    expect(allWorse.loss).toBe(0.001);
    expect(allWorse.gain).toBe(1);
  });
});
