import type { PipelineStep } from '../../../schemas/pipeline.ts';
import type { PipelineView } from '../../../schemas/web-live.ts';
import { addressOf } from '../address.ts';
import { Facts } from '../parts/facts.tsx';
import { Name } from '../parts/name.tsx';
import { Missing, Waiting } from '../parts/notices.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { Problem, Retries } from '../parts/problems.tsx';
import { State } from '../parts/state.tsx';
import { span, time } from '../parts/units.ts';
import { Page } from '../shell/page.tsx';
import { everyList, usePolled } from '../shell/use-polled.ts';

/** The steps of one pipeline, and how far each is. */
export function PipelinePage({ name }: { name: string }) {
  const polled = usePolled<PipelineView>(`live/pipelines/${encodeURIComponent(name)}.json`, everyList);
  const { data } = polled;
  return (
    <Page title={name} kind="Pipeline">
      {data === undefined ? (
        <Waiting of={polled} what="This pipeline" />
      ) : (
        <>
          <Missing reasons={data.missing} />
          <Facts
            facts={[
              ['state', <State key="state" state={data.status.workflow} />],
              ['started', time(data.status.started_at)],
              ['ended', time(data.status.closed_at)],
              data.status.doing === null ? null : ['now', <Name key="now" text={data.status.doing} most={500} />],
            ]}
          />
          <Problem problem={data.status.problem} />
          <Retries retries={data.status.retries} />
          <PlainTable
            caption="Steps, in their order"
            rows={data.status.progress?.steps ?? []}
            keyOf={({ stage, name: step }) => `${stage} ${step}`}
            empty="No worker answers, so that the steps are not known now."
            columns={[
              { title: 'step', show: (step) => <StepLink step={step} /> },
              { title: 'state', show: ({ state }) => <State state={state} /> },
              { title: 'took', number: true, show: tookOf },
              {
                title: 'problem',
                show: ({ problem }) => <Name text={problem === null ? '' : `${problem.message} ${problem.hint}`} most={500} />,
              },
            ]}
          />
        </>
      )}
    </Page>
  );
}

function StepLink({ step: { stage, name } }: { step: PipelineStep }) {
  const text = <Name text={`${stage} ${name}`} />;
  if (stage === 'report') return text;
  // A training's step is named with its variant.
  const [run = name] = stage === 'training' ? name.split('/', 1) : [name];
  return <a href={addressOf([`${stage}s`, run])}>{text}</a>;
}

function tookOf({ started_at, ended_at }: PipelineStep): string {
  return started_at === null ? '–' : span((ended_at ?? Date.now()) - started_at);
}
