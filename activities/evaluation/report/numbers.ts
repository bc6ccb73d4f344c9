/** 0.6173 → `61.7 %` */
export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** -0.042 → `-4.2 points`, with a true minus sign; 0.031 → `+3.1 points`. */
export function points(difference: number): string {
  return `${signed(difference)} points`;
}

/** -0.042 → `−4.2` */
function signed(difference: number): string {
  const size = (Math.abs(difference) * 100).toFixed(1);
  return size === '0.0' ? '0.0' : `${difference < 0 ? '−' : '+'}${size}`;
}
