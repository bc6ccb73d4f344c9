import type { CampaignStatus } from '../../../schemas/campaign-status.ts';
import { Facts } from '../parts/facts.tsx';
import { Name } from '../parts/name.tsx';
import { Retries } from '../parts/problems.tsx';
import { State } from '../parts/state.tsx';
import { Ticking } from '../parts/ticking.tsx';
import { dollars, short, span, time, whole } from '../parts/units.ts';

/** How far a campaign is, what it has cost of what it may, and what is left. */
export function Progress({ status }: { status: CampaignStatus }) {
  const { progress, funnel, spending, budget, left, turns_per_minute: rate, pauses, busy } = status;
  const { planned, open } = funnel.total;
  const tokens = spending.prompt_tokens + spending.completion_tokens;
  return (
    <>
      {pauses.map((pause) => (
        <div class="notice" role="status" key={`${pause.teacher} ${pause.code}`}>
          <strong>
            Waits <Ticking since={pause.since} />: <Name text={pause.teacher ?? 'the whole campaign'} />
          </strong>
          <p>
            <Name text={pause.message} most={1000} /> → <Name text={pause.hint} most={1000} />
            {pause.next_try !== null && `. Next try ${time(pause.next_try)}.`}
          </p>
        </div>
      ))}
      {busy.map(({ teacher, since, message, waiting }) => (
        <div class="notice" role="status" key={teacher}>
          <strong>
            Busy <Ticking since={since} />: <Name text={teacher} />
          </strong>
          <p>
            It refuses every request for now, and {whole(waiting)} more wait; they are repeated: <Name text={message} most={1000} />
          </p>
        </div>
      ))}
      <Retries retries={status.retries} />
      <Facts
        facts={[
          ['state', <State key="state" state={progress?.state ?? status.workflow} />],
          ['started', time(status.started_at)],
          ['rollouts decided, of those planned', `${whole(planned - open)} of ${whole(planned)}`],
          progress === null ? null : ['tasks in flight, of all', `${whole(progress.in_flight.length)} of ${whole(progress.tasks)}`],
          progress === null ? null : ['tasks at the same time', whole(progress.concurrency)],
          ['tokens', ofBudget(short(tokens), budget?.tokens ?? 0, short)],
          ['cost', ofBudget(dollars(spending.cost_usd), budget?.cost_usd ?? 0, dollars)],
          ['turns', whole(spending.turns)],
          ['turns a minute, over five minutes', rate === null ? 'not known' : rate.toFixed(1)],
          left === null
            ? null
            : [
                'left, were the rest like what is done',
                `${whole(left.rollouts)} rollouts, ${dollars(left.cost_usd)}${left.minutes === null ? '' : `, ${span(left.minutes * 60_000)}`}`,
              ],
        ]}
      />
      <label class="bar-of">
        <progress max={Math.max(1, planned)} value={planned - open} /> rollouts decided
      </label>
      {progress !== null && progress.detail !== '' && (
        <p>
          <Name text={progress.detail} most={1000} />
        </p>
      )}
    </>
  );
}

function ofBudget(spent: string, most: number, format: (value: number) => string): string {
  return most === 0 ? `${spent}, no limit` : `${spent} of ${format(most)}`;
}
