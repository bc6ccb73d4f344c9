import type { Site } from '../../../schemas/site.ts';
import { addressOf } from '../address.ts';
import { Name } from '../parts/name.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { whole } from '../parts/units.ts';
import { Page } from '../shell/page.tsx';

/** What stands here that has rows. */
export function CollectionsPage({ site }: { site: Site }) {
  return (
    <Page title={site.title} kind="Rows of">
      <PlainTable
        caption="Collections of rollouts and trajectories"
        rows={site.collections}
        keyOf={({ id }) => id}
        empty="Nothing stands here yet."
        columns={[
          {
            title: 'collection',
            show: ({ id, title }) => (
              <a href={addressOf(['c', id])}>
                <Name text={title} />
              </a>
            ),
          },
          { title: 'kind', show: ({ kind }) => <Name text={kind} /> },
          { title: 'rows', number: true, show: ({ rows }) => (rows === null ? '–' : whole(rows)) },
        ]}
      />
    </Page>
  );
}
