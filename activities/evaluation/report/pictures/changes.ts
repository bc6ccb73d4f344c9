import { frame, label, labelWidth, round, rowHeight, width } from './frame.ts';

/** Losses to the left and gains to the right of a middle line, one row a cell, on one scale. */
export function changesPicture(description: string, rows: readonly { label: string; gained: number; lost: number }[]): string {
  const left = labelWidth(rows.map((row) => row.label));
  const centre = (left + width) / 2;
  const half = (width - left) / 2 - 44;
  const largest = Math.max(1, ...rows.flatMap(({ gained, lost }) => [gained, lost]));
  const height = rows.length * rowHeight + 8;
  const shown = rows.map((row, index) => {
    const middle = 4 + (index + 0.5) * rowHeight;
    const lost = round((row.lost / largest) * half);
    const gained = round((row.gained / largest) * half);
    return [
      label(row.label, left, middle),
      `<rect x="${round(centre - lost)}" y="${middle - 9}" width="${lost}" height="18" fill="var(--bad)"/>`,
      `<rect x="${round(centre)}" y="${middle - 9}" width="${gained}" height="18" fill="var(--good)"/>`,
      `<text x="${round(centre - lost - 6)}" y="${middle + 4.5}" text-anchor="end">−${row.lost}</text>`,
      `<text x="${round(centre + gained + 6)}" y="${middle + 4.5}">+${row.gained}</text>`,
    ].join('');
  });
  const line = `<line class="grid" x1="${round(centre)}" x2="${round(centre)}" y1="2" y2="${height - 2}"/>`;
  return frame(description, height, [line, ...shown].join(''));
}
