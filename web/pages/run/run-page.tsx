import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { visibleName } from '../../model/text/visible.ts';
import { whole } from '../parts/units.ts';
import { site } from '../shell/site.ts';
import { Shown } from '../text/shown.tsx';
import { Age } from './age.tsx';
import { bytesText } from './amounts.ts';
import { FindBar } from './find-bar.tsx';
import { type Neighbours, useRunKeys } from './keys.ts';
import { RunView } from './run-view.ts';
import { Side } from './side.tsx';
import { Timeline } from './timeline.tsx';
import { TurnList } from './turn-list.tsx';
import './run.css';

interface RunProps {
  collection: string;
  row: string;
  /** Pages that this run is part of. */
  around: readonly { text: string; href: string }[];
  /** What stands below the facts of a run that goes on. */
  now?: VNode | undefined;
}

/** One rollout or trajectory: its turns, and what is known of it. */
export function RunPage({ collection, row, around, now, ...neighbours }: RunProps & Neighbours) {
  const [view, setView] = useState<RunView>();
  // Before the first frame, which would be empty.
  useLayoutEffect(() => {
    const next = new RunView(collection, row);
    setView(next);
    next.store.open();
    const stop = next.store.head.subscribe(() => next.begin());
    return () => {
      stop();
      next.close();
    };
  }, [collection, row]);
  // Keyed, so that nothing of one run is drawn over another.
  if (view === undefined) return <p aria-busy="true">Loading…</p>;
  return <Run key={view.store.path} {...{ view, around, now, ...neighbours }} />;
}

function Run({ view, around, now, ...neighbours }: { view: RunView } & Pick<RunProps, 'around' | 'now'> & Neighbours) {
  useRunKeys(view, neighbours);
  const head = view.store.head.value;
  const title = head?.title ?? '';
  useEffect(() => {
    if (title !== '') document.title = visibleName(`${title.slice(0, 200)} – ${(site.value?.title ?? 'Tracemill').slice(0, 100)}`);
  }, [title]);
  if (view.store.missing.value) return <p role="alert">There is no such run here; it may have been removed since the list was made.</p>;
  if (head === null) {
    const failure = view.store.failure.value;
    return failure === null ? <p aria-busy="true">Loading…</p> : <p role="alert">The run cannot be read: {failure}. It is tried again.</p>;
  }
  return (
    <div class="run">
      <header class="run-head">
        <nav class="tabs" aria-label="Around this run">
          {around.map(({ text, href }) => (
            <a key={href} href={href}>
              {text}
            </a>
          ))}
        </nav>
        <h1>
          <Shown text={head.title} />
        </h1>
        <p class="run-facts">
          <Verdict resolved={head.resolved} />
          {head.ending !== null && (
            <span>
              ended: <Shown text={head.ending} />
            </span>
          )}
          {head.fate !== null && (
            <span>
              fate: <Shown text={head.fate} />
            </span>
          )}
          <span>
            {whole(head.turns)} {head.turns === 1 ? 'row' : 'rows'}
          </span>
          <span>{bytesText(head.bytes)}</span>
          <Step view={view} seqs={head.errors.seqs} more={head.errors.more} what="failure" />
          <Step view={view} seqs={head.findings.map(({ seq }) => seq)} more={false} what="finding" count={head.findings.length} />
          <Age view={view} />
          <button type="button" class="plain" onClick={() => (view.finder.open.value = true)}>
            find
          </button>
        </p>
        {head.open && now}
        <Unread reasons={head.unread} />
        <FindBar view={view} />
        <Timeline view={view} />
        <p class="said" role="status">
          {view.said.value}
        </p>
      </header>
      <div class="run-body">
        <div class="run-turns">
          <TurnList view={view} />
          <NewTurns view={view} />
        </div>
        <Side view={view} head={head} />
      </div>
    </div>
  );
}

function Verdict({ resolved }: { resolved: number | null }) {
  const words = { '1': 'resolved', '0': 'not resolved', '-1': 'unknown: the infrastructure failed' };
  const word = resolved === 1 ? words['1'] : resolved === 0 ? words['0'] : resolved === -1 ? words['-1'] : 'no verdict';
  return <strong class={resolved === 1 ? 'state-good' : resolved === 0 ? 'state-bad' : ''}>{word}</strong>;
}

function Step({ view, seqs, more, what, count }: { view: RunView; seqs: number[]; more: boolean; what: string; count?: number }) {
  const number = count ?? seqs.length;
  return (
    <span>
      <button type="button" class="plain" disabled={seqs.length === 0} onClick={() => view.step(seqs, true, what)}>
        {whole(number)}
        {more && ' or more'} {number === 1 ? what : `${what}s`}
      </button>
    </span>
  );
}

function Unread({ reasons }: { reasons: readonly string[] }) {
  if (reasons.length === 0) return null;
  return (
    <details class="notice" open={reasons.length <= 3}>
      <summary>
        {reasons.length === 1 ? 'One thing' : `${reasons.length} things`} of this run {reasons.length === 1 ? 'is' : 'are'} not shown or in
        doubt
      </summary>
      <ul>
        {reasons.map((reason) => (
          <li>
            <Shown text={reason} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function NewTurns({ view }: { view: RunView }) {
  const seen = view.seenTurns.value;
  const count = seen === null ? 0 : view.turns.value - seen;
  if (count <= 0) return null;
  return (
    <button
      type="button"
      class="new-turns"
      onClick={() => {
        view.seenTurns.value = null;
        view.go(view.turns.value - 1);
      }}
    >
      {count === 1 ? '1 new turn' : `${count} new turns`} ↓
    </button>
  );
}
