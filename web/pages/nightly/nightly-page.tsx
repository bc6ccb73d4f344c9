import type { NightlyView } from '../../../schemas/web-live.ts';
import { addressOf } from '../address.ts';
import { Name } from '../parts/name.tsx';
import { Missing, Waiting } from '../parts/notices.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { State } from '../parts/state.tsx';
import { percent, time, whole } from '../parts/units.ts';
import { Page } from '../shell/page.tsx';
import { everyList, usePolled } from '../shell/use-polled.ts';
import { RateHistory } from './rate-history.tsx';

/** A series of evaluations over time: rate, interval, n, commit, and what the alarm said. */
export function NightlyPage({ name }: { name: string }) {
  const polled = usePolled<NightlyView>(`live/nightly/${encodeURIComponent(name)}.json`, everyList);
  const { data } = polled;
  return (
    <Page title={name} kind="Nightly">
      {data === undefined ? (
        <Waiting of={polled} what="The history" />
      ) : (
        <>
          <Missing reasons={data.missing} />
          <p>
            {data.baseline === null ? (
              'No evaluation is accepted as the baseline yet, so that no alarm can sound.'
            ) : (
              <>
                Compared with <Name text={data.baseline} />
                {data.alarm_below !== null && `; the alarm's line is at ${percent(data.alarm_below)}`}.
              </>
            )}
          </p>
          <RateHistory view={data} />
          <PlainTable
            caption="Evaluations, the newest first"
            rows={data.points.toReversed()}
            keyOf={({ evaluation }) => evaluation}
            empty="No evaluation of this series has ended yet."
            columns={[
              {
                title: 'evaluation',
                show: ({ evaluation, check }) => (
                  <a href={addressOf(['evaluations', evaluation], { baseline: check?.alarm.baseline })}>
                    <Name text={evaluation} />
                  </a>
                ),
              },
              { title: 'ended', number: true, show: ({ at }) => time(at) },
              { title: 'n instances', number: true, show: ({ n }) => whole(n) },
              { title: 'resolved', number: true, show: ({ rate }) => percent(rate) },
              { title: '95 % interval', number: true, show: ({ low, high }) => `${percent(low)} to ${percent(high)}` },
              { title: 'commit', show: ({ commit }) => <Name text={commit ?? 'not known'} most={80} /> },
              { title: 'alarm', show: ({ check }) => (check === null ? 'not checked' : <State state={check.alarm.verdict} />) },
              { title: 'why', show: ({ check }) => <Name text={check?.alarm.reasons.join('; ') ?? ''} most={500} /> },
            ]}
          />
        </>
      )}
    </Page>
  );
}
