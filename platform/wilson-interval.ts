/** Both ends of an interval, as shares or differences of shares. */
export interface Interval {
  low: number;
  high: number;
}

/** The standard normal value that 97.5 % lie below: half the width of a 95 % interval, in standard errors. */
const z95 = 1.959963984540054;

/**
 * The 95 % interval of a share by Wilson's score, which keeps within 0 and 1 and says something even when none or all
 * of the cases succeeded. `share` may be a mean over runs: it is then taken as that of one run, the cautious reading.
 */
export function wilsonInterval(share: number, total: number): Interval {
  if (total === 0) return { low: 0, high: 1 };
  const square = z95 * z95;
  const scale = 1 + square / total;
  const middle = share + square / (2 * total);
  const half = z95 * Math.sqrt((share * (1 - share)) / total + square / (4 * total * total));
  return { low: Math.max(0, (middle - half) / scale), high: Math.min(1, (middle + half) / scale) };
}
