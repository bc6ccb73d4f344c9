import type { TaskView } from '../../../schemas/web-live.ts';
import { addressOf } from '../address.ts';
import { verdictWord } from '../list/columns.tsx';
import { Name } from '../parts/name.tsx';
import { Missing, Waiting } from '../parts/notices.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { Retries } from '../parts/problems.tsx';
import { State } from '../parts/state.tsx';
import { Ticking } from '../parts/ticking.tsx';
import { dollars, whole } from '../parts/units.ts';
import { useKeys } from '../shell/keys.tsx';
import { Page } from '../shell/page.tsx';
import { everyOpen, usePolled } from '../shell/use-polled.ts';
import { Siblings } from './siblings.tsx';

const keys = [{ keys: '[ / ]', does: 'the task before or after this one' }];

/** One pull request of a campaign, and its rollouts side by side. */
export function TaskPage({ campaign, instance }: { campaign: string; instance: string }) {
  const path = `live/campaigns/${encodeURIComponent(campaign)}/tasks/${encodeURIComponent(instance)}.json`;
  const polled = usePolled<TaskView>(path, everyOpen);
  const { data } = polled;
  useKeys(keys, ({ key }) => {
    const to = key === '[' ? data?.before : key === ']' ? data?.after : undefined;
    if (to === undefined || to === null) return false;
    location.hash = addressOf(['campaigns', campaign, 'tasks', to]);
    return true;
  });
  return (
    <Page title={instance} kind="Task">
      <nav aria-label="Around this task" class="tabs">
        <a href={addressOf(['campaigns', campaign, 'grid'])}>
          Tasks of <Name text={campaign} />
        </a>
        <To campaign={campaign} instance={data?.before ?? null} title="The task before" />
        <To campaign={campaign} instance={data?.after ?? null} title="The task after" />
      </nav>
      {data === undefined ? <Waiting of={polled} what="This task" /> : <Task view={data} />}
    </Page>
  );
}

function To({ campaign, instance, title }: { campaign: string; instance: string | null; title: string }) {
  return instance === null ? null : <a href={addressOf(['campaigns', campaign, 'tasks', instance])}>{title}</a>;
}

function Task({ view }: { view: TaskView }) {
  const { detail, rollouts, collection } = view;
  const begun = rollouts.filter(({ turns }) => turns !== null && turns > 0).map(({ row }) => row);
  return (
    <>
      <Missing reasons={view.missing} />
      {view.problem !== null && <Missing title="What went wrong" reasons={[view.problem]} />}
      {detail !== null && (
        <p>
          <State state={detail.stage} /> <Name text={detail.detail} most={1000} />
        </p>
      )}
      <Retries retries={detail?.retries ?? []} />
      <PlainTable
        caption="Rollouts of this task"
        rows={rollouts}
        keyOf={({ row }) => row}
        empty="No rollout is planned for this task."
        columns={[
          {
            title: 'rollout',
            show: ({ row, harness, mode, sample }) => (
              <a href={addressOf(['c', collection, 'r', row])}>
                <Name text={`${harness} ${mode} ${sample}`} />
              </a>
            ),
          },
          { title: 'stage', show: ({ stage }) => <State state={stage} /> },
          { title: 'waits for', show: ({ waiting_for }) => <Name text={waiting_for ?? '–'} /> },
          { title: 'for', number: true, show: ({ since }) => <Ticking since={since} /> },
          { title: 'turns', number: true, show: ({ turns }) => (turns === null ? '–' : whole(turns)) },
          { title: 'cost', number: true, show: ({ cost_usd }) => (cost_usd === null ? '–' : dollars(cost_usd)) },
          { title: 'ending', show: ({ ending }) => <Name text={ending ?? '–'} /> },
          { title: 'fate', show: ({ fate }) => (fate === null ? '–' : <State state={fate} />) },
          { title: 'verdict', show: ({ resolved }) => (resolved === null ? '–' : <State state={verdictWord(resolved)} />) },
        ]}
      />
      <h2>Side by side</h2>
      {begun.length < 2 ? (
        <p class="soft">
          {begun.length === 0 ? 'No rollout has made a turn yet.' : 'Only one rollout has made turns; there is none beside it.'}
        </p>
      ) : (
        <Siblings collection={collection} rows={begun.slice(0, 8)} />
      )}
      {begun.length > 8 && <p class="soft">The first 8 of {whole(begun.length)} rollouts are compared; pick others in the list of rows.</p>}
    </>
  );
}
