import type { CampaignLines } from '../../../schemas/web-live.ts';
import { addressOf } from '../address.ts';
import { Name } from '../parts/name.tsx';
import { Missing, Waiting } from '../parts/notices.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { State } from '../parts/state.tsx';
import { time, whole } from '../parts/units.ts';
import { Page } from '../shell/page.tsx';
import { everyList, usePolled } from '../shell/use-polled.ts';

/** All campaigns of the home. */
export function CampaignsPage() {
  const polled = usePolled<CampaignLines>('live/campaigns.json', everyList);
  const { data } = polled;
  return (
    <Page title="Campaigns">
      {data === undefined ? (
        <Waiting of={polled} what="The list of campaigns" />
      ) : (
        <>
          <Missing reasons={data.missing} />
          <PlainTable
            caption="Campaigns of this home, the newest first; numbers count rollouts"
            rows={data.campaigns}
            keyOf={({ name }) => name}
            empty="No campaign was started yet. Start one: tracemill campaign start FILE"
            columns={[
              { title: 'campaign', show: ({ name }) => <CampaignLink name={name} /> },
              { title: 'state', show: ({ state }) => <State state={state} /> },
              { title: 'started', show: ({ started_at }) => time(started_at) },
              { title: 'planned', number: true, show: ({ counts }) => whole(counts.planned) },
              { title: 'open', number: true, show: ({ counts }) => whole(counts.open) },
              { title: 'kept', number: true, show: ({ counts }) => whole(counts.kept) },
              { title: 'resolved of those', number: true, show: ({ counts }) => whole(counts.resolved) },
              { title: 'dropped', number: true, show: ({ counts }) => whole(counts.dropped) },
              { title: 'lost', number: true, show: ({ counts }) => whole(counts.lost) },
              { title: 'waits for', show: ({ pauses }) => pauses.map((pause) => <Name key={pause} text={pause} most={300} />) },
            ]}
          />
        </>
      )}
    </Page>
  );
}

function CampaignLink({ name }: { name: string }) {
  return (
    <a href={addressOf(['campaigns', name])}>
      <Name text={name} />
    </a>
  );
}
