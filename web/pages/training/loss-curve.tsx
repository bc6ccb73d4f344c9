import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { PlainTable } from '../parts/plain-table.tsx';
import { theme } from '../shell/theme.ts';

interface Curve {
  step: number[];
  loss: (number | null)[];
}

/** Rows of the table that says the curve in numbers. */
const tableRows = 20;

/** Loss by step as a picture, in words, and in a table. */
export function LossCurve({ curve: { step, loss }, label }: { curve: Curve; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const chosen = theme.value;
  const last = step.length;
  useEffect(() => {
    const element = place.current;
    if (element === null || last === 0) return undefined;
    const { color } = getComputedStyle(element);
    const line = getComputedStyle(document.documentElement);
    const axis = { stroke: color, grid: { stroke: line.getPropertyValue('--line'), width: 1 }, ticks: { stroke: color, width: 1 } };
    const plot = new uPlot(
      {
        width: Math.max(280, element.clientWidth),
        height: 240,
        cursor: { drag: { x: true, y: false } },
        scales: { x: { time: false } },
        axes: [
          { ...axis, label: 'step' },
          { ...axis, label: 'loss' },
        ],
        series: [{ label: 'step' }, { label: 'loss', stroke: line.getPropertyValue('--accent'), width: 2, spanGaps: true }],
      },
      [step, loss],
      element,
    );
    const resized = new ResizeObserver(() => plot.setSize({ width: Math.max(280, element.clientWidth), height: 240 }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
    // Drawn anew when a point came or the colours changed.
  }, [last, step[last - 1], loss[last - 1], chosen]);
  if (last === 0) return <p class="soft">No loss was reported yet.</p>;
  const every = Math.max(1, Math.ceil(last / tableRows));
  const points = step
    .map((at, index) => ({ at, loss: loss[index] ?? null }))
    .filter((_, index) => index % every === 0 || index === last - 1);
  return (
    <>
      <div ref={place} role="img" aria-label={`${label}: ${inWords(step, loss)}`} />
      <p class="soft">{inWords(step, loss)}</p>
      <details>
        <summary>The curve as a table</summary>
        <PlainTable
          caption={`${label}, ${points.length} of ${last} points`}
          rows={points}
          keyOf={({ at }) => String(at)}
          empty=""
          columns={[
            { title: 'step', number: true, show: ({ at }) => at },
            { title: 'loss', number: true, show: ({ loss: value }) => value?.toFixed(4) ?? '–' },
          ]}
        />
      </details>
    </>
  );
}

function inWords(step: readonly number[], loss: readonly (number | null)[]): string {
  const known = loss.flatMap((value, index) => (value === null ? [] : [{ value, at: step[index] ?? 0 }]));
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined) return 'no loss is known';
  const least = known.reduce((best, point) => (point.value < best.value ? point : best));
  return `from ${first.value.toFixed(4)} at step ${first.at} to ${last.value.toFixed(4)} at step ${last.at}; the least was ${least.value.toFixed(4)} at step ${least.at}`;
}
