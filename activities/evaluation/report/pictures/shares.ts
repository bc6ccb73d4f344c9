import { escapeMarkup } from '../escape-markup.ts';
import { frame, label, labelWidth, round, rowHeight, width } from './frame.ts';

/** Bars of 100 %, one a row, cut into the shares of `parts`; the names of the parts stand below. */
export function sharesPicture(
  description: string,
  parts: readonly string[],
  rows: readonly { label: string; counts: readonly number[] }[],
): string {
  const left = labelWidth(rows.map((row) => row.label));
  const right = width - 4;
  const bars = rows.map((row, index) => bar(row, left, right, 4 + (index + 0.5) * rowHeight));
  const legendTop = rows.length * rowHeight + 16;
  const { content, height } = legend(parts, legendTop);
  return frame(description, height, [...bars, content].join(''));
}

function bar(row: { label: string; counts: readonly number[] }, left: number, right: number, middle: number): string {
  const total = row.counts.reduce((sum, count) => sum + count, 0);
  let from = left;
  const pieces = row.counts.map((count, index) => {
    const size = total === 0 ? 0 : (count / total) * (right - left);
    const start = from;
    from += size;
    if (size === 0) return '';
    const share = `${((100 * count) / total).toFixed(0)}`;
    const number =
      size < 26
        ? ''
        : `<text x="${round(start + size / 2)}" y="${middle + 4.5}" text-anchor="middle" style="fill:var(--page)">${share}</text>`;
    return `<rect x="${round(start)}" y="${middle - 10}" width="${round(Math.max(0.5, size - 1))}" height="20" fill="${colour(index)}"/>${number}`;
  });
  return `${label(row.label, left, middle)}${pieces.join('')}`;
}

function legend(parts: readonly string[], top: number): { content: string; height: number } {
  let across = 8;
  let down = top;
  const content = parts.map((part, index) => {
    const words = part.replaceAll('_', ' ');
    const size = 26 + 7.6 * [...words].length;
    if (across + size > width) {
      across = 8;
      down += 22;
    }
    const item = `<rect x="${round(across)}" y="${down}" width="12" height="12" fill="${colour(index)}"/><text x="${round(across + 17)}" y="${down + 11}">${escapeMarkup(words)}</text>`;
    across += size + 8;
    return item;
  });
  return { content: content.join(''), height: down + 22 };
}

function colour(index: number): string {
  return `var(--s${index % 8})`;
}
