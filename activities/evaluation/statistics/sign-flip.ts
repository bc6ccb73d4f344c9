import { randomIntegers } from './random.ts';

const flips = 20_000;

/**
 * A permutation test of paired differences, one an instance, such as those of means over three runs: under no
 * difference each could as well have the other sign. Gives the p values of a loss (a mean at most the one seen), of a
 * gain, and of both sides together. The observed signs count as one of the permutations, so that no p value is 0.
 */
export function signFlip(
  differences: readonly number[],
  { seed, draws = flips }: { seed: number; draws?: number },
): { twoSided: number; loss: number; gain: number } {
  // An instance without a difference has no sign to flip.
  const sizes = Float64Array.from(differences.filter((difference) => difference !== 0));
  const observed = sizes.reduce((sum, size) => sum + size, 0);
  // Sums of thirds differ in their last digits by the order of summing.
  const slack = 1e-9 * (1 + Math.abs(observed));
  const next = randomIntegers(seed);
  let below = 1;
  let above = 1;
  let beyond = 1;
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    let bits = 0;
    for (let index = 0; index < sizes.length; index++) {
      if ((index & 31) === 0) bits = next();
      const size = sizes[index] ?? 0;
      sum += (bits & 1) === 1 ? size : -size;
      bits >>>= 1;
    }
    if (sum <= observed + slack) below++;
    if (sum >= observed - slack) above++;
    if (Math.abs(sum) >= Math.abs(observed) - slack) beyond++;
  }
  const total = draws + 1;
  return { twoSided: beyond / total, loss: below / total, gain: above / total };
}
