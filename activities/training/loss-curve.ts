/** One point of a curve: the trainer's step and the loss that it reported there. */
export interface LossPoint {
  step: number;
  loss: number;
}

const size = { width: 760, height: 380 };
const plot = { left: 64, right: 24, top: 52, bottom: 52 };
const inner = { width: size.width - plot.left - plot.right, height: size.height - plot.top - plot.bottom };
/** More points than these do not show in a picture of this width. */
const mostPoints = 600;
/** A curve of fewer points needs no mean to be readable. */
const meanFrom = 40;

/**
 * The loss of a training by step as an SVG picture of its own, for a page or a file: every reported value, and for long
 * trainings a running mean over a fortieth of them. Values that are no numbers are left out and counted in the picture.
 */
export function lossCurve(points: readonly LossPoint[], title: string): string {
  const finite = points.filter(({ loss }) => Number.isFinite(loss));
  const unread = points.length - finite.length;
  const [first, last] = [finite[0], finite.at(-1)];
  if (first === undefined || last === undefined)
    return picture(title, unread, text(size.width / 2, size.height / 2, 'no loss was reported', 'middle'));
  const steps = scale(Math.min(...spread(finite, ({ step }) => step)), Math.max(...spread(finite, ({ step }) => step)), { whole: true });
  const losses = scale(Math.min(...spread(finite, ({ loss }) => loss)), Math.max(...spread(finite, ({ loss }) => loss)), { whole: false });
  const x = (step: number) => plot.left + inner.width * steps.place(step);
  const y = (loss: number) => plot.top + inner.height * (1 - losses.place(loss));
  const line = (shown: readonly LossPoint[]) => shown.map(({ step, loss }) => `${x(step).toFixed(1)},${y(loss).toFixed(1)}`).join(' ');
  const withMean = finite.length >= meanFrom;
  const grid = [
    ...losses.ticks.map(
      (loss) =>
        `<line class="grid" x1="${plot.left}" x2="${size.width - plot.right}" y1="${y(loss).toFixed(1)}" y2="${y(loss).toFixed(1)}"/>${text(plot.left - 8, y(loss) + 4, label(loss), 'end')}`,
    ),
    ...steps.ticks.map((step) => text(x(step), size.height - plot.bottom + 20, label(step), 'middle')),
    `<line class="axis" x1="${plot.left}" x2="${size.width - plot.right}" y1="${size.height - plot.bottom}" y2="${size.height - plot.bottom}"/>`,
    text(plot.left + inner.width / 2, size.height - 12, 'step', 'middle'),
    `<text transform="translate(16 ${plot.top + inner.height / 2}) rotate(-90)" text-anchor="middle">loss</text>`,
  ];
  const curves = [
    `<polyline class="${withMean ? 'each' : 'mean'}" points="${line(thinned(finite))}"/>`,
    ...(withMean ? [`<polyline class="mean" points="${line(thinned(runningMean(finite)))}"/>`] : []),
    ...(finite.length === 1 ? [`<circle class="point" r="3" cx="${x(first.step).toFixed(1)}" cy="${y(first.loss).toFixed(1)}"/>`] : []),
  ];
  const facts = `${counted(finite.length, 'value')}, from ${label(first.loss)} at step ${first.step} to ${label(last.loss)} at step ${last.step}`;
  return picture(title, unread, [...grid, ...curves].join('\n'), withMean ? `${facts}; bold: running mean` : facts);
}

/** `Math.min` of a very long list overflows the stack; these are enough for the ends. */
function spread(points: readonly LossPoint[], value: (point: LossPoint) => number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const point of points) {
    low = Math.min(low, value(point));
    high = Math.max(high, value(point));
  }
  return [low, high];
}

interface Scale {
  /** From 0 to 1. */
  place: (value: number) => number;
  ticks: number[];
}

/** An axis that holds all values and ends at round numbers. */
function scale(low: number, high: number, { whole }: { whole: boolean }): Scale {
  const wide = high > low ? high - low : Math.max(Math.abs(high) * 0.1, 1);
  const rough = wide / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough, whole ? 1 : 0);
  const from = whole ? low : Math.floor(low / step) * step;
  const to = whole ? Math.max(high, low + 1) : Math.max(Math.ceil(high / step) * step, from + step);
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step); tick * step <= to + step / 1e6; tick += 1) ticks.push(tick * step);
  return { place: (value) => (value - from) / (to - from), ticks };
}

/** Of each stretch its lowest and its highest value, in their order, so that no peak is lost. */
function thinned(points: readonly LossPoint[]): readonly LossPoint[] {
  if (points.length <= mostPoints) return points;
  const length = Math.ceil((2 * points.length) / mostPoints);
  const kept: LossPoint[] = [];
  for (let from = 0; from < points.length; from += length) {
    const stretch = points.slice(from, from + length);
    const byLoss = stretch.toSorted((a, b) => a.loss - b.loss);
    const ends = [byLoss[0], byLoss.at(-1)].filter((point) => point !== undefined);
    kept.push(...ends.toSorted((a, b) => a.step - b.step));
  }
  return kept;
}

/** Over the fortieth of the values that ends at each. */
function runningMean(points: readonly LossPoint[]): LossPoint[] {
  const length = Math.max(5, Math.round(points.length / 40));
  let sum = 0;
  return points.map(({ step, loss }, at) => {
    sum += loss - (points[at - length]?.loss ?? 0);
    return { step, loss: sum / Math.min(length, at + 1) };
  });
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function label(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

function text(x: number, y: number, content: string, anchor: 'middle' | 'end' | 'start'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

function picture(title: string, unread: number, content: string, facts = ''): string {
  const note = [facts, ...(unread > 0 ? [`${counted(unread, 'value')} left out: no number`] : [])].filter((part) => part !== '').join('; ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escaped(`${title}: ${note}`)}">
<style>text{font:12px system-ui,sans-serif;fill:#333}.title{font-size:15px;font-weight:600}.grid{stroke:#e3e3e3}.axis{stroke:#888}polyline{fill:none;stroke-linejoin:round}.each{stroke:#a9c4e6;stroke-width:1}.mean{stroke:#1f5fa8;stroke-width:2}.point{fill:#1f5fa8}</style>
<rect width="100%" height="100%" fill="#fff"/>
<text class="title" x="${plot.left}" y="22">${escaped(title)}</text>
<text x="${plot.left}" y="40">${escaped(note)}</text>
${content}
</svg>
`;
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
