import type { Interval } from '../../../../platform/wilson-interval.ts';
import { frame, label, labelWidth, round, rowHeight, width } from './frame.ts';

interface IntervalRow {
  label: string;
  value: number;
  interval: Interval;
  /** Single values to show small, such as runs. */
  marks: number[];
}

/** Shares from 0 to 100 % with their intervals, one a row. */
export function intervalPicture(description: string, rows: readonly IntervalRow[]): string {
  const left = labelWidth(rows.map((row) => row.label));
  const right = width - 64;
  const bottom = rows.length * rowHeight + 8;
  const x = (share: number) => round(left + share * (right - left));
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line class="grid" x1="${x(share)}" x2="${x(share)}" y1="4" y2="${bottom}"/><text class="soft" x="${x(share)}" y="${bottom + 16}" text-anchor="middle">${share * 100}</text>`,
  );
  const shown = rows.map((row, index) => {
    const middle = (index + 0.5) * rowHeight;
    const { low, high } = row.interval;
    const ends = [low, high].map(
      (end) => `<line x1="${x(end)}" x2="${x(end)}" y1="${middle - 5}" y2="${middle + 5}" stroke="var(--main)" stroke-width="2"/>`,
    );
    const marks = row.marks.map((mark) => `<circle cx="${x(mark)}" cy="${middle + 11}" r="2.6" fill="var(--s1)"/>`);
    return [
      label(row.label, left, middle),
      `<line x1="${x(low)}" x2="${x(high)}" y1="${middle}" y2="${middle}" stroke="var(--main)" stroke-width="2"/>`,
      ...ends,
      `<circle cx="${x(row.value)}" cy="${middle}" r="5.5" fill="var(--main)"/>`,
      ...marks,
      `<text x="${width - 4}" y="${middle + 4.5}" text-anchor="end">${(row.value * 100).toFixed(1)} %</text>`,
    ].join('');
  });
  return frame(description, bottom + 22, [...grid, ...shown].join(''));
}
