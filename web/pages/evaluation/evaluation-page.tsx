import type { EvaluationView } from '../../../schemas/web-live.ts';
import { address, refine } from '../address.ts';
import { Progress } from '../campaign/progress.tsx';
import { Facts } from '../parts/facts.tsx';
import { Name } from '../parts/name.tsx';
import { Missing, Waiting } from '../parts/notices.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { Problem } from '../parts/problems.tsx';
import { State } from '../parts/state.tsx';
import { dollars, percent, time, whole } from '../parts/units.ts';
import { Page } from '../shell/page.tsx';
import { everyList, usePolled } from '../shell/use-polled.ts';
import { ChangedTasks, PairedComparison } from './paired-comparison.tsx';

/** One evaluation: where it stands, its rates with interval and n, and against a baseline. */
export function EvaluationPage({ name }: { name: string }) {
  const baseline = address.value.query.get('baseline') ?? '';
  const query = baseline === '' ? '' : `?${new URLSearchParams({ baseline })}`;
  const polled = usePolled<EvaluationView>(`live/evaluations/${encodeURIComponent(name)}.json${query}`, everyList);
  const { data } = polled;
  return (
    <Page title={name} kind="Evaluation">
      {data === undefined ? (
        <Waiting of={polled} what="This evaluation" />
      ) : (
        <>
          <Missing reasons={data.missing} />
          <Facts
            facts={[
              ['state', <State key="state" state={data.status.progress?.stage ?? data.status.workflow} />],
              ['started', time(data.status.started_at)],
              ['ended', time(data.status.closed_at)],
              ['instances', whole(data.figures?.benchmark.instances ?? data.status.progress?.instances ?? 0)],
              ['commit', <Name key="commit" text={data.commit ?? 'not known'} />],
              data.figures === null ? null : ['model', <Name key="model" text={data.figures.model.name} />],
            ]}
          />
          <Problem problem={data.status.problem} />
          {data.status.doing.map(({ step, attempt, doing, problem }) => (
            <p key={step}>
              <Name text={`${step} (attempt ${attempt}): ${doing}${problem === null ? '' : `; ${problem}`}`} most={500} />
            </p>
          ))}
          {data.figures === null && data.status.rollouts !== null && <Progress status={data.status.rollouts} />}
          {data.figures !== null && <Cells figures={data.figures} />}
          <h2>Compared with a baseline</h2>
          <p>
            <label>
              Baseline{' '}
              <select value={baseline} onChange={({ currentTarget }) => refine({ baseline: currentTarget.value })}>
                <option value="">the accepted one</option>
                {data.baselines.map((other) => (
                  <option key={other} value={other}>
                    {other}
                  </option>
                ))}
              </select>
            </label>
          </p>
          <PairedComparison figures={data.figures} commit={data.commit} />
          <ChangedTasks changed={data.changed} />
        </>
      )}
    </Page>
  );
}

function Cells({ figures }: { figures: NonNullable<EvaluationView['figures']> }) {
  return (
    <PlainTable
      caption="Resolve rate by cell: what failed, broke or did not run counts as unresolved"
      rows={figures.cells}
      keyOf={({ harness, mode }) => `${harness}/${mode}`}
      empty="No cell was measured."
      columns={[
        { title: 'cell', show: ({ harness, mode }) => <Name text={`${harness}/${mode}`} /> },
        { title: 'n instances', number: true, show: () => whole(figures.benchmark.instances) },
        { title: 'runs', number: true, show: ({ runs }) => runs.length },
        { title: 'resolved, mean of runs', number: true, show: ({ rate }) => percent(rate.mean) },
        { title: '95 % interval', number: true, show: ({ interval }) => `${percent(interval.low)} to ${percent(interval.high)}` },
        { title: 'turns, mean', number: true, show: ({ turns }) => turns.mean.toFixed(1) },
        { title: 'cost, sum', number: true, show: ({ cost_usd }) => dollars(cost_usd.total) },
      ]}
    />
  );
}
