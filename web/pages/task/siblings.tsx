import { useEffect, useState } from 'preact/hooks';
import { sharedTurns, type SiblingTurn } from '../../model/siblings/align.ts';
import { addressOf } from '../address.ts';
import { Name } from '../parts/name.tsx';
import { Missing } from '../parts/notices.tsx';
import { State } from '../parts/state.tsx';
import { whole } from '../parts/units.ts';
import { loadHeads, readOn, type Sibling, turnsBeside } from './load-siblings.ts';
import { PatchComparison } from './patch-comparison.tsx';
import './task.css';

/** Rollouts side by side: what all of them did alike, then turn by turn from where they part, and their final changes. */
export function Siblings({ collection, rows }: { collection: string; rows: readonly string[] }) {
  const [siblings, setSiblings] = useState<readonly Sibling[]>();
  const [wanted, setWanted] = useState(turnsBeside);
  const [problem, setProblem] = useState<string>();
  const key = JSON.stringify([collection, rows]);
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const read = async () => {
      const known = siblings !== undefined && siblings.map(({ row }) => row).join('\n') === rows.join('\n') ? siblings : undefined;
      const read = await readOn(collection, known ?? (await loadHeads(collection, rows, signal)), wanted, signal);
      if (!signal.aborted) setSiblings(read);
    };
    read().catch((error: unknown) => !signal.aborted && setProblem(error instanceof Error ? error.message : String(error)));
    return () => ending.abort();
  }, [key, wanted]);
  if (problem !== undefined) return <Missing title="The rollouts cannot be compared" reasons={[problem]} />;
  if (siblings === undefined) return <p aria-busy="true">Loading rollouts…</p>;
  const shared = sharedTurns(siblings.map(({ turns }) => turns));
  const longest = Math.max(0, ...siblings.map(({ turns }) => turns.length));
  const places = Array.from({ length: Math.max(0, Math.min(longest, shared + wanted) - shared) }, (_, place) => shared + place);
  const more = longest > shared + wanted || siblings.some(({ head, chunks }) => chunks < head.chunks);
  return (
    <>
      <p class="divergence" role="status">
        {shared === longest && !more
          ? `All ${whole(shared)} turns ask for the same.`
          : shared === 0
            ? `The ${siblings.length} rollouts part at their first turn.`
            : `The first ${whole(shared)} turns ask for the same in all ${siblings.length} rollouts; they part at turn ${whole(shared + 1)}.`}
      </p>
      {shared > 0 && <Alike turns={siblings[0]?.turns.slice(0, shared) ?? []} collection={collection} row={siblings[0]?.row ?? ''} />}
      <div class="scroll" role="region" aria-label="Rollouts side by side" tabIndex={0}>
        <table class="plain beside">
          <caption>Calls by turn, from where the rollouts part</caption>
          <thead>
            <tr>
              <th scope="col">turn</th>
              {siblings.map(({ row, head }) => (
                <th scope="col" key={row}>
                  <a href={addressOf(['c', collection, 'r', row])}>
                    <Name text={head.title} most={80} />
                  </a>
                  <br />
                  <State state={head.ending ?? (head.open ? 'running' : 'unknown')} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {places.map((place) => (
              <tr key={place} class={place === shared ? 'parting' : ''}>
                <th scope="row">{place + 1}</th>
                {siblings.map(({ row, turns }) => (
                  <td key={row}>
                    <Calls turn={turns[place]} collection={collection} row={row} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more && (
        <button type="button" onClick={() => setWanted(wanted + turnsBeside)}>
          Show {turnsBeside} more turns
        </button>
      )}
      <h2>Final changes compared</h2>
      <PatchComparison siblings={siblings} />
    </>
  );
}

function Alike({ turns, collection, row }: { turns: readonly SiblingTurn[]; collection: string; row: string }) {
  return (
    <details>
      <summary>The {whole(turns.length)} turns that are alike</summary>
      <ol>
        {turns.slice(0, 500).map((turn) => (
          <li key={turn.seq}>
            <Calls turn={turn} collection={collection} row={row} />
          </li>
        ))}
      </ol>
      {turns.length > 500 && <p class="soft">And {whole(turns.length - 500)} more, in the rollouts themselves.</p>}
    </details>
  );
}

function Calls({ turn, collection, row }: { turn: SiblingTurn | undefined; collection: string; row: string }) {
  if (turn === undefined) return <span class="soft">ended</span>;
  return (
    <a class="call" href={addressOf(['c', collection, 'r', row], { turn: String(turn.seq) })}>
      {turn.calls.length === 0 && 'no call'}
      {turn.calls.map(({ tool, text, failed }, place) => (
        <span key={place} class="call-line">
          {failed && <span class="state bad">■ failed </span>}
          {tool !== '' && (
            <strong>
              <Name text={tool} most={60} />{' '}
            </strong>
          )}
          <code>
            <Name text={text} most={200} />
          </code>
        </span>
      ))}
    </a>
  );
}
