import { whole } from '../parts/units.ts';
import { bytesText, durationText } from './amounts.ts';
import { PartView } from './part-view.tsx';
import type { RunView } from './run-view.ts';

const kinds = { prompt: 'prompt', turn: 'turn', patch: 'patch', note: 'note' };

/** One row of a run; until its text is here, what the index says of it. */
export function TurnRow({ seq, view }: { seq: number; view: RunView }) {
  // Read so that the row is drawn again when its chunk or the head came.
  void view.store.arrived.value;
  const turn = view.store.turn(seq);
  const entry = view.store.entry(seq);
  const selected = view.selected.value === seq;
  const flags = entry?.flags ?? 0;
  const states = [...((flags & 1) === 0 ? [] : ['failed']), ...((flags & 2) === 0 ? [] : ['finding'])];
  const named =
    turn?.turn === null && turn.parts.every(({ kind }) => kind === 'field') ? 'fields of the file' : kinds[entry?.kind ?? 'turn'];
  const tokens = (turn?.prompt_tokens ?? null) !== null || (turn?.completion_tokens ?? null) !== null;
  return (
    <article class={`turn ${states.join(' ')}${selected ? ' selected' : ''}`} aria-current={selected ? 'true' : undefined}>
      <header class="turn-head">
        <button type="button" class="plain seq" onClick={() => view.go(seq)} title={`link to row ${seq}`}>
          #{seq}
        </button>
        <span>{turn?.turn === null || turn === undefined ? named : `turn ${turn.turn}`}</span>
        {states.map((state) => (
          <strong class={state === 'failed' ? 'state-bad' : 'state-warn'}>{state}</strong>
        ))}
        {turn?.at !== null && turn !== undefined && <time dateTime={new Date(turn.at).toISOString()}>{clock(turn.at)}</time>}
        {turn?.latency_ms !== null && turn !== undefined && <span>model {durationText(turn.latency_ms)}</span>}
        {tokens && (
          <span>
            {whole(turn?.prompt_tokens ?? 0)} + {whole(turn?.completion_tokens ?? 0)} tokens
          </span>
        )}
        {entry !== undefined && <span class="soft">{bytesText(entry.bytes)}</span>}
      </header>
      {turn === undefined ? (
        <p class="soft" aria-busy="true">
          loading…
        </p>
      ) : (
        turn.parts.map((part, number) => <PartView key={number} part={part} seq={seq} number={number} view={view} />)
      )}
    </article>
  );
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
