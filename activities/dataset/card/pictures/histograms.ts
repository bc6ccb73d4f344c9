import type { CellDistributions, Distribution } from '../../../../schemas/release-figures.ts';
import { counted, emptyPicture, label, margin, type Picture, picture, scaleTo, top, width } from './picture.ts';
import { compacted, element, escaped, grouped } from './svg.ts';

interface Panel {
  name: string;
  of: Distribution;
}

const panelHeight = 130;
const plotHeight = 78;
const left = margin + 44;
const right = width - margin - 4;

/** One histogram a harness and mode, below each other on one axis, with median and 90th percentile. */
export function histograms(
  name: string,
  title: string,
  counts: string,
  unit: string,
  cells: readonly CellDistributions[],
  of: (cell: CellDistributions) => Distribution | null,
): Picture {
  const panels = cells.flatMap((cell): Panel[] => {
    const distribution = of(cell);
    return distribution === null ? [] : [{ name: `${cell.harness}, ${cell.mode}`, of: distribution }];
  });
  if (panels.length === 0) return emptyPicture(name, title, counts, `no row says its ${unit}`);
  const last = Math.max(...panels.map((panel) => panel.of.bins.at(-1)?.to ?? 1));
  const x = scaleTo(last, left, right);
  const drawn = panels.map((panel, index) => drawPanel(panel, top + index * panelHeight, x.at));
  const end = top + panels.length * panelHeight;
  const marks = x.ticks
    .filter((tick) => x.at(tick) <= right + 0.5)
    .map((tick) => label(compacted(tick), x.at(tick), end + 2, { class: 'soft', 'text-anchor': tick === 0 ? 'start' : 'middle' }));
  const fixed = marks.map((mark, index) => (index > 0 && index === marks.length - 1 ? mark.replace('"middle"', '"end"') : mark));
  const axis = label(unit, (left + right) / 2, end + 22, { class: 'soft', 'text-anchor': 'middle' });
  const alt = `${title}. ${counts} ${panels.map((panel) => panelText(panel, unit)).join('; ')}.`;
  return picture(name, title, counts, alt, end + 38, [...drawn, ...fixed, axis]);
}

function drawPanel({ name, of }: Panel, y: number, x: (value: number) => number): string {
  const base = y + 28 + plotHeight;
  const most = Math.max(...of.bins.map(({ rows }) => rows));
  const height = scaleTo(most, 0, plotHeight);
  const bars = of.bins.map(({ from, to, rows }) =>
    rows === 0
      ? ''
      : element(
          'rect',
          { class: 'a', x: x(from) + 0.5, y: base - height.at(rows), width: Math.max(1, x(to) - x(from) - 1), height: height.at(rows) },
          element('title', {}, escaped(`${grouped(from)} to ${grouped(to - 1)}: ${counted(rows, 'row')}`)),
        ),
  );
  const end = height.ticks.at(-1) ?? 1;
  return element(
    'g',
    {},
    label(name, margin, y + 12),
    label(
      `median ${grouped(of.median)} · 90 % at most ${grouped(of.p90)} · largest ${grouped(of.max)} · ${counted(of.rows, 'row')}`,
      right,
      y + 12,
      { class: 'soft', 'text-anchor': 'end' },
    ),
    ...[0, end].flatMap((tick) => [
      element('line', { class: tick === 0 ? 'axis' : 'grid', x1: left, x2: right, y1: base - height.at(tick), y2: base - height.at(tick) }),
      label(compacted(tick), left - 6, base - height.at(tick) + 4, { class: 'soft', 'text-anchor': 'end' }),
    ]),
    ...bars,
    label('rows', left - 6, base - plotHeight / 2 + 4, { class: 'soft', 'text-anchor': 'end' }),
  );
}

function panelText({ name, of }: Panel, unit: string): string {
  return `${name}: ${counted(of.rows, 'row')}, from ${grouped(of.min)} to ${grouped(of.max)} ${unit}, median ${grouped(of.median)}, 90 % at most ${grouped(of.p90)}`;
}
