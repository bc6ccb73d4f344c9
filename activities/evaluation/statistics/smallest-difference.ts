import { normalQuantile } from './normal.ts';

/**
 * The smallest true difference of two resolve rates, as a share, that a paired test on `instances` finds with the given
 * power, when the share `discordant` of them is resolved by only one of the two (normal approximation of McNemar's
 * test). Null where even a difference as large as `discordant` itself would be missed.
 */
export function smallestDifference({
  instances,
  discordant,
  alpha = 0.05,
  power = 0.8,
  sides = 2,
}: {
  instances: number;
  discordant: number;
  alpha?: number;
  power?: number;
  sides?: 1 | 2;
}): number | null {
  const needed = normalQuantile(1 - alpha / sides) * Math.sqrt(discordant);
  const spare = (difference: number) =>
    difference * Math.sqrt(instances) - needed - normalQuantile(power) * Math.sqrt(Math.max(0, discordant - difference * difference));
  if (instances === 0 || discordant <= 0 || spare(discordant) < 0) return null;
  let low = 0;
  let high = discordant;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (spare(middle) < 0) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The same for mean differences over several runs, whose mean square is given: the signs of such differences are flipped
 * (normal approximation). Null where nothing differs, so that nothing is known of the noise.
 */
export function smallestMeanDifference({
  instances,
  meanSquare,
  alpha = 0.05,
  power = 0.8,
  sides = 2,
}: {
  instances: number;
  meanSquare: number;
  alpha?: number;
  power?: number;
  sides?: 1 | 2;
}): number | null {
  if (instances === 0 || meanSquare <= 0) return null;
  return (normalQuantile(1 - alpha / sides) + normalQuantile(power)) * Math.sqrt(meanSquare / instances);
}
