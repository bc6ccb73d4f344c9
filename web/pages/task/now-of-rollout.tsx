import type { RolloutNow } from '../../../schemas/web-live.ts';
import { Name } from '../parts/name.tsx';
import { State } from '../parts/state.tsx';
import { Ticking } from '../parts/ticking.tsx';
import { everyOpen, usePolled } from '../shell/use-polled.ts';
import './task.css';

/** What a rollout that goes on waits for and since when, for the page of its turns. */
export function NowOfRollout({ row }: { row: string }) {
  const { data, problem } = usePolled<RolloutNow>(`live/rollouts/${encodeURIComponent(row)}.json`, everyOpen, { aside: true });
  if (data === undefined) {
    return <p class="run-now soft">{problem === null ? 'Asking what it waits for…' : `What it waits for is not known: ${problem}`}</p>;
  }
  const { stage, waiting_for, since, detail, missing } = data;
  return (
    <p class="run-now">
      <State state={stage} />
      {waiting_for !== null && (
        <span>
          waits for <Name text={waiting_for} />
          {since !== null && (
            <>
              {' for '}
              <Ticking since={since} />
            </>
          )}
        </span>
      )}
      {detail !== '' && (
        <span class="soft">
          <Name text={detail} most={500} />
        </span>
      )}
      {missing.map((reason) => (
        <span key={reason}>
          <Name text={reason} most={500} />
        </span>
      ))}
      {problem !== null && <span class="soft">the newest request failed: {problem}</span>}
    </p>
  );
}
