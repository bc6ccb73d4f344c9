import type { NightlyView } from '../../../schemas/web-live.ts';
import { percent } from '../parts/units.ts';
import './nightly.css';

const width = 800;
const height = 200;
const margin = 8;

/** Rates with their intervals as a picture; the table below says the same in numbers. A regression is a square, not a dot. */
export function RateHistory({ view: { points, alarm_below: line } }: { view: NightlyView }) {
  if (points.length === 0) return null;
  const highest = Math.min(1, Math.max(...points.map(({ high }) => high), line ?? 0) + 0.05);
  const lowest = Math.max(0, Math.min(...points.map(({ low }) => low), line ?? 1) - 0.05);
  const y = (rate: number) => margin + (1 - (rate - lowest) / Math.max(0.001, highest - lowest)) * (height - 2 * margin);
  const x = (place: number) => margin + ((place + 0.5) / points.length) * (width - 2 * margin);
  const last = points.at(-1);
  const text = `Resolve rate of ${points.length} evaluations; the newest ${percent(last?.rate ?? 0)}${line === null ? '' : `, the alarm's line ${percent(line)}`}`;
  return (
    <svg class="history" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={text}>
      {line !== null && <line class="alarm-line" x1={margin} x2={width - margin} y1={y(line)} y2={y(line)} />}
      {points.map(({ evaluation, rate, low, high, check }, place) => {
        const bad = check?.alarm.verdict === 'regression';
        return (
          <g key={evaluation} class={bad ? 'regression' : ''}>
            <line class="interval" x1={x(place)} x2={x(place)} y1={y(low)} y2={y(high)} />
            {bad ? <rect x={x(place) - 5} y={y(rate) - 5} width="10" height="10" /> : <circle cx={x(place)} cy={y(rate)} r="4" />}
          </g>
        );
      })}
      <text x={margin} y={margin + 8}>
        {percent(highest)}
      </text>
      <text x={margin} y={height - margin}>
        {percent(lowest)}
      </text>
      {line !== null && (
        <text x={width - margin} y={y(line) - 3} text-anchor="end">
          alarm below {percent(line)}
        </text>
      )}
    </svg>
  );
}
