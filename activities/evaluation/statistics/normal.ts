/**
 * The standard normal value below which the share `probability` (0 < p < 1) lies. A rational approximation (Acklam's
 * coefficients) with an error below 1.2e-9 of the value: far finer than any figure that is built on it.
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`a probability between 0 and 1, not ${probability}`);
  if (probability < tail) return lower(probability);
  if (probability > 1 - tail) return -lower(1 - probability);
  const q = probability - 0.5;
  const r = q * q;
  return (polynomial(centre.above, r) * q) / (polynomial(centre.below, r) * r + 1);
}

const tail = 0.02425;
const centre = {
  above: [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239],
  below: [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572],
};
const ends = {
  above: [-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783],
  below: [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416],
};

function lower(probability: number): number {
  const q = Math.sqrt(-2 * Math.log(probability));
  return polynomial(ends.above, q) / (polynomial(ends.below, q) * q + 1);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
