import type { Interval } from '../../../platform/wilson-interval.ts';
import { randomIntegers } from './random.ts';
import { quantile } from './spread.ts';

const resamples = 10_000;

/**
 * The 95 % interval of the mean of `values` by the cluster bootstrap: whole clusters are drawn with replacement, since
 * what one cluster holds (the runs of one instance, the instances of one repository) is not independent. `clusters[i]`
 * names the cluster of `values[i]`; left out, each value is a cluster of its own. Null without values. The same seed
 * gives the same interval.
 */
export function bootstrapMean(
  values: readonly number[],
  { clusters, seed, draws = resamples }: { clusters?: readonly string[]; seed: number; draws?: number },
): Interval | null {
  const groups = grouped(values, clusters);
  const count = groups.sums.length;
  if (count === 0) return null;
  const next = randomIntegers(seed);
  const means = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    let size = 0;
    for (let picked = 0; picked < count; picked++) {
      const at = Math.floor((next() / 4_294_967_296) * count);
      sum += groups.sums[at] ?? 0;
      size += groups.sizes[at] ?? 0;
    }
    means[draw] = sum / size;
  }
  means.sort();
  return { low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

/** Sum and number of the values of each cluster: all that a mean needs of it. */
function grouped(values: readonly number[], clusters: readonly string[] | undefined): { sums: Float64Array; sizes: Float64Array } {
  if (clusters === undefined) return { sums: Float64Array.from(values), sizes: new Float64Array(values.length).fill(1) };
  const byName = new Map<string, { sum: number; size: number }>();
  for (const [index, value] of values.entries()) {
    const name = clusters[index] ?? '';
    const group = byName.get(name) ?? { sum: 0, size: 0 };
    byName.set(name, { sum: group.sum + value, size: group.size + 1 });
  }
  const groups = [...byName.values()];
  return { sums: Float64Array.from(groups, ({ sum }) => sum), sizes: Float64Array.from(groups, ({ size }) => size) };
}
