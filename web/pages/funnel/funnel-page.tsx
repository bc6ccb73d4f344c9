import type { FunnelStep, FunnelView } from '../../../schemas/web-live.ts';
import { addressOf } from '../address.ts';
import { CampaignTabs } from '../campaign/tabs.tsx';
import { whereAddress } from '../list/list-query.ts';
import { Name } from '../parts/name.tsx';
import { Missing, Waiting } from '../parts/notices.tsx';
import { whole } from '../parts/units.ts';
import { Page } from '../shell/page.tsx';
import { everyList, usePolled } from '../shell/use-polled.ts';

const stages: FunnelStep['stage'][] = ['generated', 'verified', 'filtered', 'scanned', 'released'];

/** What became of all planned rollouts, from generated to released; each number leads to the rows that it counts. */
export function FunnelPage({ name }: { name: string }) {
  const polled = usePolled<FunnelView>(`live/campaigns/${encodeURIComponent(name)}/funnel.json`, everyList);
  const { data } = polled;
  return (
    <Page title={name} kind="Funnel of campaign">
      <CampaignTabs name={name} collection={data?.collection ?? `campaign.${name}`} />
      {data === undefined ? (
        <Waiting of={polled} what="The funnel" />
      ) : (
        <>
          <Missing reasons={data.missing} />
          {stages.map((stage) => (
            <section key={stage} aria-labelledby={`stage-${stage}`}>
              <h2 id={`stage-${stage}`}>{stage}</h2>
              <Steps steps={data.steps.filter((step) => step.stage === stage)} collection={data.collection} most={mostOf(data.steps)} />
            </section>
          ))}
        </>
      )}
    </Page>
  );
}

function Steps({ steps, collection, most }: { steps: readonly FunnelStep[]; collection: string; most: number }) {
  if (steps.length === 0) return <p class="soft">Nothing is counted here yet.</p>;
  return steps.map(({ name, counts, value, where }) => (
    <div class="bar" key={name}>
      <span>
        <Name text={name} /> <span class="soft">{counts}</span>
      </span>
      <svg aria-hidden="true" class="bar-picture" viewBox="0 0 100 10" preserveAspectRatio="none">
        <rect width={(value / most) * 100} height="10" />
      </svg>
      {where === null ? (
        <span>{whole(value)}</span>
      ) : (
        <a href={addressOf(['c', collection], whereAddress(where))} aria-label={`${whole(value)} rows: ${name}`}>
          {whole(value)}
        </a>
      )}
    </div>
  ));
}

function mostOf(steps: readonly FunnelStep[]): number {
  return Math.max(1, ...steps.map(({ value }) => value));
}
