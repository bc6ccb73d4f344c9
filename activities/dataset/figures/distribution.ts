import type { Distribution } from '../../../schemas/release-figures.ts';

/** Bins of a picture that can still be told apart. */
const mostBins = 24;

/** The least width of 1, 2 or 5 times a power of ten with which bins from 0 cover `largest`. */
export function binWidth(largest: number): number {
  for (let power = 1; ; power *= 10) {
    const width = [1, 2, 5].map((factor) => factor * power).find((candidate) => Math.floor(largest / candidate) < mostBins);
    if (width !== undefined) return width;
  }
}

/** Figures of whole numbers from 0; quantiles are numbers that occur (nearest rank). Null for none. */
export function distributionOf(numbers: readonly number[], width: number): Distribution | null {
  const sorted = Float64Array.from(numbers).sort();
  const last = sorted.at(-1);
  if (last === undefined) return null;
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const bins = Array.from({ length: Math.floor(last / width) + 1 }, (_, bin) => ({ from: bin * width, to: (bin + 1) * width, rows: 0 }));
  for (const number of sorted) {
    const bin = bins[Math.floor(number / width)];
    if (bin !== undefined) bin.rows += 1;
  }
  const mean = sorted.reduce((sum, number) => sum + number, 0) / sorted.length;
  return { rows: sorted.length, mean, min: rank(0), median: rank(0.5), p90: rank(0.9), max: last, bins };
}
