/**
 * p values of several tests adjusted by Holm's step-down method, in the order given: each is at most 0.05 only where the
 * chance of even one false finding among all of them is.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const adjusted = values.map(() => 1);
  let largest = 0;
  for (const [rank, { value, index }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, value * (values.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}
