import { useMemo, useState } from 'preact/hooks';
import { durationText } from './amounts.ts';
import type { RunView } from './run-view.ts';
import { timelineLayout } from './timeline-layout.ts';

/** Width of the strip in its own units, and height. */
const width = 1000;
const height = 34;

/** Most turns that are laid out by their times; of a longer run, marks stand by number. */
const mostTurns = 20_000;

/** The run as a strip: its turns, idle times drawn short with how long they were, failures and findings. */
export function Timeline({ view }: { view: RunView }) {
  const [zoom, setZoom] = useState(1);
  const turns = view.turns.value;
  const { at, flags } = columnsOf(view, turns);
  const layout = useMemo(() => timelineLayout(at), [at.length, at.at(-1), at[0]]);
  if (turns < 2) return null;
  const small = turns <= mostTurns && at.length === turns;
  const place = (seq: number) => (small ? (layout.places[seq] ?? 0) : seq / (turns - 1));
  const selected = place(Math.max(0, view.selected.value));
  const from = Math.max(0, Math.min(1 - 1 / zoom, selected - 0.5 / zoom));
  const x = (seq: number) => (place(seq) - from) * zoom * width;
  const inSight = (seq: number) => x(seq) >= -1 && x(seq) <= width + 1;
  const head = view.store.head.value;
  const errors = spaced((head?.errors.seqs ?? []).filter(inSight), x);
  const findings = spaced((head?.findings ?? []).map(({ seq }) => seq).filter(inSight), x);
  const usual = small
    ? spaced(
        [...at.keys()].filter((seq) => inSight(seq) && (flags[seq] ?? 0) % 4 === 0),
        x,
      )
    : [];
  const gaps = small ? layout.gaps.filter((gap) => gap.place >= from && gap.place <= from + 1 / zoom) : [];
  const jump = (event: MouseEvent) => {
    if (!(event.currentTarget instanceof Element)) return;
    const box = event.currentTarget.getBoundingClientRect();
    const wanted = from + (event.clientX - box.left) / box.width / zoom;
    view.go(small ? nearest(layout.places, wanted) : Math.round(wanted * (turns - 1)));
  };
  const words = `${turns} rows by ${small ? layout.by : 'number'}, ${head?.errors.seqs.length ?? 0} failures, ${head?.findings.length ?? 0} findings${
    layout.gaps.length === 0 ? '' : `, idle: ${layout.gaps.map(({ ms }) => durationText(ms)).join(', ')}`
  }`;
  return (
    <div class="timeline">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={words} onClick={jump}>
        <line x1="0" x2={width} y1="22" y2="22" class="axis" />
        {/* All of them as one element: there are as many as the strip has room for. */}
        {usual.length > 0 && <path d={usual.map((seq) => `M${x(seq).toFixed(2)} 17h1.5v10h-1.5z`).join('')} class="usual" />}
        {gaps.map((gap) => (
          <rect x={(gap.place - from) * zoom * width - 5} y="14" width="10" height="16" class="gap" />
        ))}
        {errors.map((seq) => (
          <rect x={x(seq) - 1.5} y="12" width="3" height="20" class="error" />
        ))}
        {findings.map((seq) => (
          <path d={`M ${x(seq) - 5} 1 h 10 l -5 10 z`} class="found" />
        ))}
        <rect x={x(Math.max(0, view.selected.value)) - 1} y="0" width="2" height={height} class="here" />
      </svg>
      <div class="gap-words" aria-hidden="true">
        {gaps.map((gap) => (
          <span style={{ left: `${(gap.place - from) * zoom * 100}%` }}>{durationText(gap.ms)}</span>
        ))}
      </div>
      <span class="zoom">
        <button type="button" class="plain" aria-label="zoom in on the strip" disabled={zoom >= 64} onClick={() => setZoom(zoom * 2)}>
          +
        </button>
        <button type="button" class="plain" aria-label="zoom out of the strip" disabled={zoom <= 1} onClick={() => setZoom(zoom / 2)}>
          −
        </button>
        <span class="soft">
          by {small ? layout.by : 'number'}, ×{zoom}
        </span>
      </span>
    </div>
  );
}

/** Times and flags of all turns, as far as the index is here; of a very long run none. */
function columnsOf(view: RunView, turns: number): { at: number[]; flags: number[] } {
  void view.store.arrived.value;
  const at: number[] = [];
  const flags: number[] = [];
  if (turns > mostTurns) return { at, flags };
  for (let seq = 0; seq < turns; seq += 1) {
    const entry = view.store.entry(seq);
    if (entry === undefined) break;
    at.push(entry.at);
    flags.push(entry.flags);
  }
  return { at, flags };
}

/** Of marks that would lie upon another, the first. */
function spaced(seqs: readonly number[], x: (seq: number) => number): number[] {
  const kept: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const seq of seqs) {
    if (x(seq) - last < 3) continue;
    kept.push(seq);
    last = x(seq);
  }
  return kept;
}

function nearest(places: readonly number[], wanted: number): number {
  let best = 0;
  for (const [seq, place] of places.entries()) {
    if (Math.abs(place - wanted) < Math.abs((places[best] ?? 0) - wanted)) best = seq;
  }
  return best;
}
