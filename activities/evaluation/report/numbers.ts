import type { Interval } from '../../../platform/wilson-interval.ts';

/** 0.6173 → `61.7 %` */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** -0.042 → `−4.2 points`, with a true minus sign. */
export function points(difference: number): string {
  return `${signed(difference)} points`;
}

/** -0.042 → `−4.2` */
export function signed(difference: number): string {
  const size = (Math.abs(difference) * 100).toFixed(1);
  return size === '0.0' ? '0.0' : `${difference < 0 ? '−' : '+'}${size}`;
}

/** `57.4 to 66.0` */
export function range(interval: Interval | null): string {
  return interval === null ? '–' : `${(interval.low * 100).toFixed(1)} to ${(interval.high * 100).toFixed(1)}`;
}

/** `−6.0 to +1.2` */
export function signedRange(interval: Interval | null): string {
  return interval === null ? '–' : `${signed(interval.low)} to ${signed(interval.high)}`;
}

/** 0.0414 → `0.041`; what is smaller than 0.001 in powers of ten. */
export function probability(p: number): string {
  return p >= 0.001 || p === 0 ? p.toFixed(3) : p.toExponential(1);
}

/** 1234567 → `1,234,567`; fractions with one digit. */
export function amount(value: number): string {
  return new Intl.NumberFormat('en', { maximumFractionDigits: Number.isInteger(value) ? 0 : 1 }).format(value);
}

/** 12345678 → `12.3M` */
export function short(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

export function dollars(value: number): string {
  return `$${value.toFixed(2)}`;
}
