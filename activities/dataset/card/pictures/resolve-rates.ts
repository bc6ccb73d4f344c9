import type { RowStatistics } from '../../../../schemas/release.ts';
import { wilsonInterval } from '../../../../platform/wilson-interval.ts';
import { emptyPicture, label, margin, type Picture, picture, top, width } from './picture.ts';
import { element, escaped, fitted, grouped, widthOf } from './svg.ts';

interface Rate {
  name: string;
  resolved: number;
  labelled: number;
}

/** Two lines of text and a gap between them and those of the next. */
const step = 38;
const title = 'Resolved rows by harness and mode';
const counts = 'Share of rows whose tests all pass, with its 95 % interval (Wilson); n: rows with a verdict.';

/** A point and its interval for each harness and mode, and for all. */
export function resolveRates(statistics: readonly RowStatistics[]): Picture {
  const rates = ratesOf(statistics);
  if (rates.length === 0) return emptyPicture('resolve-rates', title, counts, 'no row has a verdict');
  const nameWidth = Math.min(240, Math.max(...rates.map(({ name }) => widthOf(name))));
  const [left, right] = [margin + nameWidth + 14, width - margin - 190];
  const at = (share: number) => left + (right - left) * share;
  const end = top + rates.length * step;
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    element('line', { class: 'grid', x1: at(share), x2: at(share), y1: top, y2: end + 4 }),
    label(`${share * 100} %`, at(share), end + 20, { class: 'soft', 'text-anchor': 'middle' }),
  ]);
  const drawn = rates.map((rate, index) => drawRate(rate, top + index * step + step / 2, nameWidth, left, right, at));
  const axis = label('share of rows with a verdict', (left + right) / 2, end + 38, { class: 'soft', 'text-anchor': 'middle' });
  return picture('resolve-rates', title, counts, `${title}. ${rates.map(rateText).join('; ')}.`, end + 54, [...grid, ...drawn, axis]);
}

function drawRate(rate: Rate, y: number, nameWidth: number, left: number, right: number, at: (share: number) => number): string {
  const share = rate.resolved / rate.labelled;
  const { low, high } = wilsonInterval(share, rate.labelled);
  return element(
    'g',
    {},
    element('title', {}, escaped(rateText(rate))),
    label(fitted(rate.name, nameWidth), left - 10, y + 4, { 'text-anchor': 'end' }),
    element('line', { class: 'line', 'stroke-width': 3, x1: at(low), x2: at(high), y1: y, y2: y }),
    element('circle', { class: 'a', cx: at(share), cy: y, r: 5.5 }),
    label(`${percent(share)}  (${percent(low)}–${percent(high)})`, right + 12, y - 2),
    label(`n = ${grouped(rate.labelled)}`, right + 12, y + 12, { class: 'soft' }),
  );
}

/** Cells without a verdict have no rate and are left out. */
function ratesOf(statistics: readonly RowStatistics[]): Rate[] {
  const rates = new Map<string, Rate>();
  const all: Rate = { name: 'all', resolved: 0, labelled: 0 };
  for (const { harness, mode, resolved, unresolved } of statistics) {
    const name = `${harness}, ${mode}`;
    const rate = rates.get(name) ?? { name, resolved: 0, labelled: 0 };
    rates.set(name, rate);
    for (const sum of [rate, all]) {
      sum.resolved += resolved;
      sum.labelled += resolved + unresolved;
    }
  }
  const found = [...rates.values()].filter(({ labelled }) => labelled > 0);
  return found.length > 1 ? [...found, all] : found;
}

function rateText({ name, resolved, labelled }: Rate): string {
  const { low, high } = wilsonInterval(resolved / labelled, labelled);
  return `${name}: ${percent(resolved / labelled)} (95 % interval ${percent(low)} to ${percent(high)}), ${grouped(resolved)} of ${grouped(labelled)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
