import { nameTable } from '../../../schemas/name-table.ts';
import type { RunLines } from '../../../schemas/web-live.ts';
import { addressOf } from '../address.ts';
import { Page } from '../shell/page.tsx';
import { everyList, usePolled } from '../shell/use-polled.ts';
import { Name } from './name.tsx';
import { Missing, Waiting } from './notices.tsx';
import { PlainTable } from './plain-table.tsx';
import { State } from './state.tsx';
import { time } from './units.ts';

/** The command that makes the first one. */
const firstOnes: Record<string, string> = nameTable({
  pipelines: 'Start one: tracemill pipeline start FILE',
  trainings: 'Start one: tracemill training start FILE',
  evaluations: 'Start one: tracemill evaluation start FILE',
  nightly: 'Schedule a series: tracemill schedule create FILE; or accept an evaluation as its baseline: tracemill evaluation accept NAME',
});

/** Pipelines, trainings, evaluations or series of checks of the home. */
export function RunsPage({ room, title }: { room: string; title: string }) {
  const polled = usePolled<RunLines>(`live/${room}.json`, everyList);
  const { data } = polled;
  return (
    <Page title={title}>
      {data === undefined ? (
        <Waiting of={polled} what={`The list of ${title.toLowerCase()}`} />
      ) : (
        <>
          <Missing reasons={data.missing} />
          <PlainTable
            caption={`${title} of this home`}
            rows={data.runs}
            keyOf={({ name }) => name}
            empty={`There is none yet. ${firstOnes[room] ?? ''}`}
            columns={[
              {
                title: 'name',
                show: ({ name }) => (
                  <a href={addressOf([room, name])}>
                    <Name text={name} />
                  </a>
                ),
              },
              { title: 'state', show: ({ state }) => <State state={state} /> },
              { title: 'started', show: ({ started_at }) => time(started_at) },
              { title: 'detail', show: ({ detail }) => <Name text={detail} most={300} /> },
            ]}
          />
        </>
      )}
    </Page>
  );
}
