import type { TranscriptHead } from '../../../schemas/transcript.ts';
import { whole } from '../parts/units.ts';
import { Patch } from '../text/patch.tsx';
import { Lines, Shown } from '../text/shown.tsx';
import { bytesText } from './amounts.ts';
import { findingText } from './part-view.tsx';
import type { RunView } from './run-view.ts';

/** Most entries of one section. */
const listed = 300;

/** What is known of a run beside its turns: findings, verdict with its tests, decisions, patch, facts. */
export function Side({ view, head }: { view: RunView; head: TranscriptHead }) {
  return (
    <aside class="side" aria-label="about this run">
      <Section title="Findings" count={head.findings.length} empty="no finding" open>
        <ul>
          {head.findings.slice(0, listed).map((finding) => (
            <li>
              <TurnLink view={view} seq={finding.seq} /> <Shown text={findingText(finding)} />
            </li>
          ))}
        </ul>
      </Section>
      <Section
        title="Tests behind the verdict"
        count={head.tests.length}
        empty={head.open ? 'they run when it has ended' : 'no test is known'}
      >
        <ul>
          {head.tests.slice(0, listed).map(({ name, wanted, got, ok }) => (
            <li class={ok ? '' : 'bad'}>
              <strong>{ok ? 'as wanted' : 'not as wanted'}</strong> <Shown text={name} />: wanted <Shown text={wanted} />, got{' '}
              <Shown text={got} />
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Decisions" count={head.decisions.length} empty="no filter decided on it" open>
        <ul>
          {head.decisions.slice(0, listed).map(({ rule, version, decision, reason, seq }) => (
            <li>
              <strong>{decision.replace('_', ' ')}</strong> <Shown text={`${rule} v${version}`} />
              {reason !== '' && ': '}
              <Shown text={reason} /> {seq !== null && <TurnLink view={view} seq={seq} />}
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Patch" count={head.patch === null ? 0 : 1} empty={head.open ? 'known when it has ended' : 'it leaves no change'}>
        {head.patch !== null && <PatchOf view={view} patch={head.patch} />}
      </Section>
      <Section title="Facts" count={head.facts.length} empty="none" open>
        <dl>
          {head.facts.slice(0, listed).map(({ name, value }) => [
            <dt>
              <Shown text={name} />
            </dt>,
            <dd>
              <Shown text={value} />
            </dd>,
          ])}
        </dl>
      </Section>
    </aside>
  );
}

function Section(props: { title: string; count: number; empty: string; open?: boolean; children: preact.ComponentChildren }) {
  const { title, count, empty, open = false, children } = props;
  if (count === 0) {
    return (
      <p class="soft">
        {title}: {empty}
      </p>
    );
  }
  return (
    <details open={open}>
      <summary>
        {title} ({whole(count)}
        {count > listed && `, the first ${listed} are shown`})
      </summary>
      {children}
    </details>
  );
}

function TurnLink({ view, seq }: { view: RunView; seq: number }) {
  return (
    <button type="button" class="plain" onClick={() => view.go(seq)}>
      #{seq}
    </button>
  );
}

function PatchOf({ view, patch }: { view: RunView; patch: NonNullable<TranscriptHead['patch']> }) {
  if (!('blob' in patch)) return <Patch text={patch.text} />;
  return (
    <>
      <Lines text={patch.head} />
      <p>
        {bytesText(patch.bytes)} together, the middle is not shown:{' '}
        <a href={`data/${view.store.path}blob/${patch.blob}.txt`} download="patch.diff">
          download
        </a>
      </p>
      <Lines text={patch.tail} />
    </>
  );
}
