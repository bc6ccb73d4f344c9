import type { ComponentChildren } from 'preact';
import type { EvaluationFigures, PairedFigures } from '../../../schemas/evaluation-figures.ts';
import type { EvaluationView } from '../../../schemas/web-live.ts';
import { addressOf } from '../address.ts';
import { Name } from '../parts/name.tsx';
import { Missing } from '../parts/notices.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { State } from '../parts/state.tsx';
import { percent, points, time, whole } from '../parts/units.ts';

/** The same instances on both sides: how many, by how much they differ, how sure that is, and which changed. */
export function PairedComparison({ figures, commit }: { figures: EvaluationFigures | null; commit: string | null }) {
  const comparison = figures?.comparison ?? null;
  if (comparison === null) return <p class="soft">There is no baseline that it can be compared with.</p>;
  const { baseline, sets, instances, differences, unpaired_cells: unpaired, cells, overall } = comparison;
  return (
    <>
      <p>
        Against <Name text={baseline.name} /> of {time(baseline.ended_at)}: {whole(instances)} instances of both;{' '}
        {sets === 'refused'
          ? 'nothing was compared, since the sets differ'
          : sets === 'equal'
            ? 'the sets are equal'
            : 'only what both have'}
        ; commit of this side: <Name text={commit ?? 'not known'} />
      </p>
      <Missing title="Done differently on the two sides" reasons={differences} />
      <Missing title="On one side only" reasons={unpaired} />
      <PlainTable
        caption="Paired by instance; a difference is this side minus the baseline"
        rows={[...cells, ...(overall === null ? [] : [overall])]}
        keyOf={cellOf}
        empty="No cell is on both sides."
        columns={[
          { title: 'cell', show: (row) => <Name text={cellOf(row)} /> },
          { title: 'n instances', number: true, show: (row) => whole(row.instances) },
          { title: 'here', number: true, show: ({ here }) => percent(here) },
          { title: 'baseline', number: true, show: ({ there }) => percent(there) },
          { title: 'difference', number: true, show: ({ difference }) => points(difference) },
          {
            title: '95 % interval',
            number: true,
            show: ({ by_instance: of }) => (of === null ? '–' : `${points(of.low)} to ${points(of.high)}`),
          },
          { title: 'p, corrected', number: true, show: ({ p_corrected: p }) => (p < 0.001 ? '< 0.001' : p.toFixed(3)) },
          { title: 'better', number: true, show: ({ gained }) => whole(gained.length) },
          { title: 'worse', number: true, show: ({ lost }) => whole(lost.length) },
        ]}
      />
    </>
  );
}

/** Tasks whose verdict is another than in the baseline, with their rollouts. */
export function ChangedTasks({ changed }: { changed: EvaluationView['changed'] }) {
  return (
    <section aria-labelledby="changed-tasks">
      <h2 id="changed-tasks">Tasks whose verdict changed</h2>
      <PlainTable
        caption="Against the baseline"
        rows={changed}
        keyOf={({ instance_id, cell }) => `${instance_id} ${cell}`}
        empty="No verdict changed, or there is no baseline."
        columns={[
          {
            title: 'task',
            show: ({ instance_id, collection, row }) => (
              <InRow collection={collection} row={row} instance={instance_id}>
                <Name text={instance_id} />
              </InRow>
            ),
          },
          { title: 'cell', show: ({ cell }) => <Name text={cell} /> },
          {
            title: 'in the baseline',
            show: ({ instance_id, before, baseline }) => (
              <InRow {...baseline} instance={instance_id}>
                <State state={before} />
              </InRow>
            ),
          },
          {
            title: 'now',
            show: ({ instance_id, now, collection, row }) => (
              <InRow collection={collection} row={row} instance={instance_id}>
                <State state={now} />
              </InRow>
            ),
          },
        ]}
      />
    </section>
  );
}

/** A link to the rollout behind a verdict, where it stands here. */
function InRow(of: { collection: string | null; row: string | null; instance: string; children: ComponentChildren }) {
  const { collection, row, instance, children } = of;
  if (collection === null) return <>{children}</>;
  return (
    <a href={row === null ? addressOf(['c', collection], { instance_id: instance }) : addressOf(['c', collection, 'r', row])}>{children}</a>
  );
}

function cellOf({ harness, mode }: PairedFigures): string {
  return harness === null ? 'all cells' : `${harness}/${mode ?? 'all modes'}`;
}
