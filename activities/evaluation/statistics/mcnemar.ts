/** Instances that only one of two runs resolved. */
export interface Discordant {
  gained: number;
  lost: number;
}

/**
 * McNemar's exact test of two single runs on the same instances: under no difference each discordant instance is as
 * likely a gain as a loss. `loss` and `gain` are the one-sided p values: how likely at least as many losses (gains)
 * are. `twoSided` doubles the smaller tail. Exact for counts of any size.
 */
export function mcnemar({ gained, lost }: Discordant): { twoSided: number; loss: number; gain: number } {
  const total = gained + lost;
  const loss = upperTail(lost, total);
  const gain = upperTail(gained, total);
  return { twoSided: Math.min(1, 2 * Math.min(loss, gain)), loss, gain };
}

/** The chance of `least` or more heads in `total` fair throws. */
function upperTail(least: number, total: number): number {
  if (least <= 0) return 1;
  // The shorter tail is summed: from its largest term outwards each term follows from the one before, so that neither
  // factorials nor cancellation spoil large counts.
  if (least <= total / 2) return 1 - upperTail(total - least + 1, total);
  let term = Math.exp(logChoose(total, least) - total * Math.LN2);
  let sum = 0;
  for (let heads = least; heads <= total && term > sum * Number.EPSILON * 1e-3; heads++) {
    sum += term;
    term *= (total - heads) / (heads + 1);
  }
  return Math.min(1, sum);
}

function logChoose(total: number, chosen: number): number {
  return logFactorial(total) - logFactorial(chosen) - logFactorial(total - chosen);
}

/** Sums the first ones, then Stirling's series, which is exact to the last digits from there on. */
function logFactorial(n: number): number {
  if (n < 32) {
    let sum = 0;
    for (let factor = 2; factor <= n; factor++) sum += Math.log(factor);
    return sum;
  }
  const square = n * n;
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / n;
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + series;
}
