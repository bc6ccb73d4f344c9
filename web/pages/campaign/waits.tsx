import type { CampaignView } from '../../../schemas/web-live.ts';
import { addressOf } from '../address.ts';
import { Name } from '../parts/name.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { State } from '../parts/state.tsx';
import { Ticking } from '../parts/ticking.tsx';
import { whole } from '../parts/units.ts';

/** What is under way, and what it waits for since when. */
export function WaitingTable({ campaign, view }: { campaign: string; view: CampaignView }) {
  return (
    <>
      <PlainTable
        caption="Work under way, the longest wait first"
        rows={view.waiting}
        keyOf={({ instance_id, where }) => `${instance_id} ${where}`}
        empty="Nothing is under way."
        columns={[
          {
            title: 'task',
            show: ({ instance_id }) => (
              <a href={addressOf(['campaigns', campaign, 'tasks', instance_id])}>
                <Name text={instance_id} />
              </a>
            ),
          },
          { title: 'what', show: ({ where }) => <Name text={where} /> },
          { title: 'waits for', show: ({ waiting_for }) => <Name text={waiting_for} /> },
          { title: 'for', number: true, show: ({ since }) => <Ticking since={since} /> },
          { title: 'detail', show: ({ detail }) => <Name text={detail} most={300} /> },
        ]}
      />
      {view.waiting_more > 0 && <p class="soft">And {whole(view.waiting_more)} more that wait for less long.</p>}
    </>
  );
}

export function Teachers({ view }: { view: CampaignView }) {
  return (
    <PlainTable
      caption="Teachers of this campaign"
      rows={view.teachers}
      keyOf={({ name }) => name}
      empty="No teacher is known."
      columns={[
        { title: 'teacher', show: ({ name }) => <Name text={name} /> },
        { title: 'model', show: ({ model }) => <Name text={model} /> },
        { title: 'state', show: ({ state }) => <State state={state} /> },
        { title: 'for', number: true, show: ({ since }) => <Ticking since={since} /> },
        { title: 'detail', show: ({ detail }) => <Name text={detail} most={500} /> },
      ]}
    />
  );
}

/** What has no decided row for other reasons than the agent. */
export function Report({ view }: { view: CampaignView }) {
  return (
    <>
      <PlainTable
        caption="Inputs, tasks and rollouts"
        rows={view.report}
        keyOf={({ kind, where, code }) => `${kind} ${where} ${code}`}
        empty="Nothing was left out, failed or is odd."
        columns={[
          { title: 'where', show: ({ where }) => <Name text={where} /> },
          { title: 'what', show: ({ code }) => <Name text={code} /> },
          { title: 'why', show: ({ message }) => <Name text={message} most={500} /> },
          { title: 'what to do', show: ({ hint }) => <Name text={hint} most={300} /> },
        ]}
      />
      {view.report_more > 0 && <p class="soft">And {whole(view.report_more)} more: tracemill campaign report.</p>}
    </>
  );
}
