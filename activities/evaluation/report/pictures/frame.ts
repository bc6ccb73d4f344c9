import { escapeMarkup } from '../escape-markup.ts';

/** Width of all pictures in their own units; they scale with the page. */
export const width = 600;
export const rowHeight = 34;

/** Room for labels: their longest, guessed from the number of characters. */
export function labelWidth(labels: readonly string[]): number {
  return Math.min(260, 16 + 7.4 * Math.max(4, ...labels.map((label) => [...label].length)));
}

/** One picture with its description for those who do not see it. */
export function frame(description: string, height: number, content: string): string {
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeMarkup(description)}" xmlns="http://www.w3.org/2000/svg">${content}</svg>`;
}

export function label(content: string, right: number, middle: number): string {
  return `<text x="${round(right - 8)}" y="${round(middle + 4.5)}" text-anchor="end">${escapeMarkup(content)}</text>`;
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
