import { counted, emptyPicture, label, legend, margin, type Picture, picture, scaleTo, top, width } from './picture.ts';
import { compacted, element, escaped, fitted, grouped, widthOf } from './svg.ts';

/** One bar. Its parts lie one after the other; each belongs to the series of the same index. */
export interface Bar {
  name: string;
  parts: number[];
}

export interface BarChart {
  name: string;
  title: string;
  /** What the numbers count, as a sentence. */
  counts: string;
  /** Singular noun of what is counted; the axis shows its plural. */
  noun: string;
  /** Names of the parts; the first is `a`, blue. One series needs no legend. */
  series: string[];
  bars: Bar[];
  empty: string;
}

/** Bars that a reader can still take in; the rest is summed in one. */
const mostBars = 30;
const step = 24;
const colours = ['a', 'b', 'c'];

/** Horizontal bars with their numbers at the end. */
export function barChart({ name, title, counts, noun, series, bars: all, empty }: BarChart): Picture {
  const bars = atMost(all);
  const alt = `${title}. ${counts} ${bars.map((bar) => barText(bar, series, noun)).join('; ')}.`;
  if (bars.length === 0) return emptyPicture(name, title, counts, empty);
  const nameWidth = Math.min(270, Math.max(...bars.map((bar) => widthOf(bar.name))));
  const left = margin + nameWidth + 10;
  const largest = Math.max(...bars.map(sumOf));
  const { at, ticks } = scaleTo(largest, left, width - margin - widthOf(grouped(largest)) - 12);
  const begin = top + (series.length > 1 ? 24 : 0);
  const end = begin + bars.length * step;
  const grid = ticks.flatMap((tick) => [
    element('line', { class: 'grid', x1: at(tick), x2: at(tick), y1: begin, y2: end + 4 }),
    label(compacted(tick), at(tick), end + 20, { class: 'soft', 'text-anchor': 'middle' }),
  ]);
  const drawn = bars.map((bar, index) => drawBar(bar, begin + index * step, nameWidth, left, at, barText(bar, series, noun)));
  const key =
    series.length > 1
      ? legend(
          series.map((text, index) => ({ text, colour: colours[index] ?? 'c' })),
          top + 8,
        )
      : [];
  const axis = label(`${noun}s`, (left + at(ticks.at(-1) ?? 0)) / 2, end + 38, { class: 'soft', 'text-anchor': 'middle' });
  return picture(name, title, counts, alt, end + 54, [...key, ...grid, ...drawn, axis]);
}

function drawBar(bar: Bar, y: number, nameWidth: number, left: number, at: (value: number) => number, text: string): string {
  let sum = 0;
  const parts = bar.parts.map((part, index) => {
    const x = at(sum);
    sum += part;
    return part === 0
      ? ''
      : element('rect', { class: colours[index] ?? 'c', x, y: y + 4, width: Math.max(1, at(sum) - x), height: step - 8 });
  });
  return element(
    'g',
    {},
    element('title', {}, escaped(text)),
    label(fitted(bar.name, nameWidth), left - 8, y + 16, { 'text-anchor': 'end' }),
    ...parts,
    label(grouped(sum), Math.max(at(sum), left) + 6, y + 16, { class: 'ink' }),
  );
}

function atMost(bars: Bar[]): Bar[] {
  if (bars.length <= mostBars) return bars;
  const rest = bars.slice(mostBars - 1);
  const parts = (rest[0]?.parts ?? []).map((_, index) => rest.reduce((sum, bar) => sum + (bar.parts[index] ?? 0), 0));
  return [...bars.slice(0, mostBars - 1), { name: `${rest.length} others`, parts }];
}

function barText(bar: Bar, series: string[], noun: string): string {
  const whole = `${bar.name}: ${counted(sumOf(bar), noun)}`;
  if (series.length < 2) return whole;
  return `${whole} (${series.map((name, index) => `${grouped(bar.parts[index] ?? 0)} ${name}`).join(', ')})`;
}

function sumOf({ parts }: Bar): number {
  return parts.reduce((sum, part) => sum + part, 0);
}
