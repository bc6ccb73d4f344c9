import type { Site } from '../../../schemas/site.ts';
import type { CampaignView } from '../../../schemas/web-live.ts';
import { addressOf } from '../address.ts';
import { Bars } from '../parts/bars.tsx';
import { Name } from '../parts/name.tsx';
import { Missing, Waiting } from '../parts/notices.tsx';
import { Page } from '../shell/page.tsx';
import { everyOpen, usePolled } from '../shell/use-polled.ts';
import { Steering } from '../steering/steering.tsx';
import { Progress } from './progress.tsx';
import { CampaignTabs } from './tabs.tsx';
import { Report, Teachers, WaitingTable } from './waits.tsx';

/** Where one campaign stands, what waits for what, and what can be changed. */
export function CampaignPage({ site, name }: { site: Site; name: string }) {
  const path = `live/campaigns/${encodeURIComponent(name)}/status.json`;
  const polled = usePolled<CampaignView>(path, everyOpen);
  const { data } = polled;
  return (
    <Page title={name} kind="Campaign">
      <CampaignTabs name={name} collection={data?.collection ?? `campaign.${name}`} />
      {data === undefined ? (
        <Waiting of={polled} what="The state of this campaign" />
      ) : (
        <>
          <Missing reasons={data.missing} />
          {site.steering && <Steering campaign={name} view={data} onChange={polled.refresh} />}
          <Progress status={data.status} />
          <h2>What waits for what</h2>
          <WaitingTable campaign={name} view={data} />
          <div class="sides">
            <section>
              <h2>Teachers</h2>
              <Teachers view={data} />
            </section>
            <section>
              <h2>How rollouts ended</h2>
              <Bars
                empty="No rollout has ended yet."
                bars={Object.entries(data.endings)
                  .sort(([, a], [, b]) => b - a)
                  .map(([ending, value]) => ({
                    name: ending,
                    value,
                    label: (
                      <a href={addressOf(['c', data.collection], { ending })}>
                        <Name text={ending} />
                      </a>
                    ),
                  }))}
              />
            </section>
          </div>
          <h2>Left out, failed or odd</h2>
          <Report view={data} />
        </>
      )}
    </Page>
  );
}
