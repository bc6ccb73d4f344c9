import { describe, expect, it } from 'vitest';
import { holm } from '../../../activities/evaluation/statistics/holm.ts';
import { mcnemar } from '../../../activities/evaluation/statistics/mcnemar.ts';
import { normalQuantile } from '../../../activities/evaluation/statistics/normal.ts';
import { standardError } from '../../../activities/evaluation/statistics/proportion.ts';
import { wilsonInterval } from '../../../platform/wilson-interval.ts';
import { smallestDifference } from '../../../activities/evaluation/statistics/smallest-difference.ts';
import { quantile, spreadOf } from '../../../activities/evaluation/statistics/spread.ts';

/* The expected values were computed with scipy 1.x and statsmodels, from the same inputs. */

describe('interval of a share', () => {
  it.each([
    [0, 10, 0, 0.27753279986288926],
    [10, 10, 0.7224672001371106, 1],
    [309, 500, 0.5746652808852669, 0.6595353747658067],
    [171, 300, 0.513441160762328, 0.6247888232662354],
    [1, 3, 0.06149194472039626, 0.7923403991979523],
    [269, 731, 0.33380400887162204, 0.4035543047029347],
  ])('of %i of %i cases is that of statsmodels', (resolved, total, low, high) => {
    const interval = wilsonInterval(resolved / total, total);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  it('says nothing without cases', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(standardError(0, 0)).toBe(0);
  });

  it('has the standard error of the facts: 2.2 points on Verified, 2.9 on Multilingual, 1.8 on Pro', () => {
    expect(standardError(0.617, 500)).toBeCloseTo(0.0217, 4);
    expect(standardError(0.571, 300)).toBeCloseTo(0.0286, 4);
    expect(standardError(0.368, 731)).toBeCloseTo(0.0178, 4);
  });
});

describe("McNemar's exact test", () => {
  it.each([
    [0, 0, 1, 1, 1],
    [1, 0, 1, 1, 0.5],
    [5, 15, 0.04138946533203125, 0.020694732666015625, 0.9940910339355469],
    [10, 10, 1, 0.5880985260009766, 0.5880985260009766],
    [3, 20, 0.00048828125, 0.000244140625, 0.9999669790267944],
    [60, 90, 0.017597691928785828, 0.008798845964392914, 0.9944392030763876],
    [1200, 1100, 0.03896685268382023, 0.9824090200033617, 0.019483426341910116],
    [50_000, 50_500, 0.11547629006868594, 0.05773814503434297, 0.9429874458711576],
  ])('of %i gained and %i lost is that of scipy', (gained, lost, twoSided, loss, gain) => {
    const tested = mcnemar({ gained, lost });
    expect(tested.twoSided).toBeCloseTo(twoSided, 9);
    expect(tested.loss).toBeCloseTo(loss, 9);
    expect(tested.gain).toBeCloseTo(gain, 9);
  });

  it('keeps its digits where the p value is tiny', () => {
    // 2^-200, and the chance of at least 700 of 1000.
    expect(mcnemar({ gained: 0, lost: 200 }).loss / 2 ** -200).toBeCloseTo(1, 9);
    expect(mcnemar({ gained: 300, lost: 700 }).loss / 8.832839003975068e-38).toBeCloseTo(1, 9);
  });
});

it('corrects several p values as statsmodels does, in the order given', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  const ties = holm([0.2, 0.01, 0.01, 0.9, 0.6]);
  for (const [index, expected] of [0.6, 0.05, 0.05, 1, 1].entries()) expect(ties[index]).toBeCloseTo(expected, 12);
  expect(holm([])).toEqual([]);
});

it.each([
  [0.0001, -3.7190164854556804],
  [0.01, -2.3263478740408408],
  [0.2, -0.8416212335729142],
  [0.5, 0],
  [0.975, 1.959963984540054],
  [0.999999, 4.753424308817087],
])('finds the normal value below which %f lies', (probability, value) => {
  expect(normalQuantile(probability)).toBeCloseTo(value, 7);
});

it('refuses a probability that has no normal value', () => {
  expect(() => normalQuantile(0)).toThrow(RangeError);
  expect(() => normalQuantile(1)).toThrow(RangeError);
});

it('gives mean, sample deviation and range of runs', () => {
  const spread = spreadOf([61.2, 62.4, 60.8]);
  expect(spread?.mean).toBeCloseTo(61.46666666666666, 10);
  expect(spread?.sd).toBeCloseTo(0.832666399786453, 10);
  expect(spread).toMatchObject({ min: 60.8, max: 62.4 });
  expect(spreadOf([0.5])?.sd).toBeNull();
  expect(spreadOf([])).toBeNull();
});

it('interpolates between values as numpy does', () => {
  expect(quantile([1, 2, 3, 4, 10], 0.5)).toBe(3);
  expect(quantile([1, 2, 3, 4, 10], 0.9)).toBeCloseTo(7.6, 12);
  expect(quantile([], 0.5)).toBe(0);
});

describe('smallest difference that a paired test can see', () => {
  it.each([
    [500, 0.25, 0.0624977565357692],
    [300, 0.25, 0.08055739450075197],
    [731, 0.25, 0.05172667326103477],
  ])('on %i instances, %f of them discordant, is that of a root finder', (instances, discordant, expected) => {
    expect(smallestDifference({ instances, discordant })).toBeCloseTo(expected, 7);
  });

  it('depends on level, power and sides', () => {
    const nightly = smallestDifference({ instances: 200, discordant: 0.2, alpha: 0.01, power: 0.95, sides: 1 });
    expect(nightly).toBeCloseTo(0.12355586441281517, 7);
  });

  it('is null where the instances cannot show any', () => {
    expect(smallestDifference({ instances: 10, discordant: 0.1 })).toBeNull();
    expect(smallestDifference({ instances: 0, discordant: 0.1 })).toBeNull();
    expect(smallestDifference({ instances: 500, discordant: 0 })).toBeNull();
  });
});
