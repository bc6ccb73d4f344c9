import type { AuditLines } from '../../../schemas/web-live.ts';
import { CampaignTabs } from '../campaign/tabs.tsx';
import { Name } from '../parts/name.tsx';
import { Missing, Waiting } from '../parts/notices.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { time } from '../parts/units.ts';
import { Page } from '../shell/page.tsx';
import { everyList, usePolled } from '../shell/use-polled.ts';

/** Who changed what of a campaign, when and why. */
export function AuditPage({ name }: { name: string }) {
  const polled = usePolled<AuditLines>(`live/campaigns/${encodeURIComponent(name)}/audit.json`, everyList);
  const { data } = polled;
  return (
    <Page title={name} kind="Changes made of campaign">
      <CampaignTabs name={name} collection={`campaign.${name}`} />
      {data === undefined ? (
        <Waiting of={polled} what="The log of changes" />
      ) : (
        <>
          <Missing reasons={data.missing} />
          <PlainTable
            caption="Changes, the newest first"
            rows={data.lines}
            keyOf={({ at, action, who }) => `${at} ${action} ${who}`}
            empty="Nobody changed anything of this campaign."
            columns={[
              { title: 'when', show: ({ at }) => time(at) },
              { title: 'who', show: ({ who }) => <Name text={who} /> },
              { title: 'change', show: ({ action }) => <Name text={action} most={300} /> },
              { title: 'reason', show: ({ reason }) => <Name text={reason} most={1000} /> },
              { title: 'before', show: ({ before }) => <Name text={before} most={300} /> },
              { title: 'after', show: ({ after }) => <Name text={after} most={300} /> },
              { title: 'outcome', show: ({ outcome }) => <Name text={outcome} most={300} /> },
            ]}
          />
        </>
      )}
    </Page>
  );
}
