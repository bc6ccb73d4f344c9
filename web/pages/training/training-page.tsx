import type { TrainingView } from '../../../schemas/web-live.ts';
import { Facts } from '../parts/facts.tsx';
import { Name } from '../parts/name.tsx';
import { Missing, Waiting } from '../parts/notices.tsx';
import { Problem, Retries } from '../parts/problems.tsx';
import { State } from '../parts/state.tsx';
import { time, whole } from '../parts/units.ts';
import { Page } from '../shell/page.tsx';
import { everyList, usePolled } from '../shell/use-polled.ts';
import { LossCurve } from './loss-curve.tsx';

type Variant = TrainingView['variants'][number];

/** All variants of a training: stage, step, loss and what their jobs need. */
export function TrainingPage({ name }: { name: string }) {
  const polled = usePolled<TrainingView>(`live/trainings/${encodeURIComponent(name)}.json`, everyList);
  const { data } = polled;
  return (
    <Page title={name} kind="Training">
      {data === undefined ? (
        <Waiting of={polled} what="This training" />
      ) : (
        <>
          <Missing reasons={data.missing} />
          {data.variants.map((variant) => (
            <VariantPart key={variant.status.variant} variant={variant} />
          ))}
          {data.variants.length === 0 && <p>This training has no variant yet.</p>}
        </>
      )}
    </Page>
  );
}

function VariantPart({ variant: { status, needs, curve } }: { variant: Variant }) {
  const { progress, watch } = status;
  return (
    <section aria-label={`Variant ${status.variant}`}>
      <h2>
        Variant <Name text={status.variant} />
      </h2>
      <Facts
        facts={[
          ['state', <State key="state" state={status.workflow} />],
          ['stage', progress === null ? 'no worker answers' : progress.stage],
          ['started', time(status.started_at)],
          watch === null ? null : ['step', `${watch.step ?? '–'} of ${watch.total ?? 'an unknown number'}`],
          watch === null ? null : ['loss at that step', watch.loss === null ? 'not known' : watch.loss.toFixed(4)],
          watch === null ? null : ['output last grew', time(watch.heard_at)],
          rowsOf(progress),
          needs === null ? null : ['needs', needsText(needs)],
          progress === null ? null : ['jobs so far', whole(progress.submissions)],
        ]}
      />
      {status.doing !== null && (
        <p>
          <Name text={status.doing} most={500} />
        </p>
      )}
      <Problem problem={status.problem} />
      <Retries retries={status.retries} />
      <LossCurve curve={curve} label={`Loss by step of ${status.variant}`} />
    </section>
  );
}

function needsText({ nodes, gpus_per_node, gpu_memory_gb, memory_mb_per_node }: NonNullable<Variant['needs']>): string {
  const gpus = gpus_per_node === 0 ? 'no GPU' : `${nodes * gpus_per_node} GPU${gpu_memory_gb === null ? '' : ` of ${gpu_memory_gb} GB`}`;
  return `${gpus}, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}, ${(memory_mb_per_node / 1024).toFixed(0)} GB memory each`;
}

function rowsOf(progress: Variant['status']['progress']): readonly [string, string] | null {
  const files = progress?.files ?? null;
  return files === null ? null : ['rows trained on', whole(files.rows)];
}
