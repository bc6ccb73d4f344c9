import { getJson } from '../../../activities/artifacts/store.ts';
import { acceptanceOf, evaluationFigures, seriesOf } from '../../../activities/evaluation/index.ts';
import { listEvaluations } from '../../../client/evaluation-list.ts';
import { evaluationStatus } from '../../../client/evaluation-status.ts';
import { listSchedules } from '../../../client/schedules.ts';
import { CheckRecord } from '../../../schemas/alarm.ts';
import { EvaluationRecord } from '../../../schemas/evaluation-record.ts';
import type { EvaluationStatus } from '../../../schemas/evaluation-status.ts';
import { messageOf } from '../../../schemas/problem.ts';
import type { EvaluationView, NightlyView, RunLines } from '../../../schemas/web-live.ts';
import { evaluationCampaign } from '../../../workflows/contract/ids.ts';
import { collectionOf } from './home-source.ts';
import type { LiveContext } from './live-context.ts';
import { orUndefined } from './runs.ts';

export async function evaluationLines({ ledger, store, temporal }: LiveContext): Promise<RunLines> {
  const missing: string[] = [];
  const storeId = await store.id();
  const asked = await temporal.ask(missing, 'which evaluations run is not known', (client) => listEvaluations(client, storeId, ledger));
  const known = asked ?? (await listEvaluations(undefined, storeId, ledger));
  const runs = known.map(({ evaluation, workflow, recorded_at }) => ({
    name: evaluation,
    state: workflow === 'unknown' && recorded_at !== null ? 'recorded' : workflow,
    started_at: null,
    detail: recorded_at === null ? '' : `recorded ${recorded_at}`,
  }));
  return { missing, runs };
}

export async function evaluationView(context: LiveContext, name: string, asked: string | undefined): Promise<EvaluationView | undefined> {
  const { ledger, temporal } = context;
  const missing: string[] = [];
  const record = await recordOf(context, name, missing);
  const live = await temporal.ask(missing, 'where it stands is not known', (client) =>
    orUndefined('evaluation_not_found', () => evaluationStatus(client, ledger, name)),
  );
  if (live === undefined && record === null) return undefined;
  if (live === null && record === null && !(await ledger.hasCampaign(evaluationCampaign(name)))) return undefined;
  const others = (await ledger.runs('evaluation')).map((run) => run.name).filter((other) => other !== name);
  const accepted = await acceptanceOf(seriesOf(name), context);
  const wanted = asked ?? (accepted !== null && accepted.evaluation !== name ? accepted.evaluation : undefined);
  const baseline = wanted === undefined ? null : await recordOf(context, wanted, missing);
  if (asked !== undefined && baseline === null) missing.push(`there is no record of ${asked} to compare with`);
  return {
    missing,
    status: live ?? onlyRecorded(name),
    figures: record === null ? null : evaluationFigures(record, baseline === null ? {} : { baseline, intersect: true }),
    commit: record === null ? null : commitOf(record),
    changed: record === null || baseline === null ? [] : await changedOf(context, record, baseline),
    baselines: others,
  };
}

async function recordOf({ ledger, store }: LiveContext, name: string, missing: string[]): Promise<EvaluationRecord | null> {
  const run = await ledger.run('evaluation', name);
  if (run === null) return null;
  return await getJson(store, run.record, EvaluationRecord).catch((error: unknown) => {
    missing.push(`the record of ${name} cannot be read: ${messageOf(error)}`);
    return null;
  });
}

function onlyRecorded(evaluation: string): EvaluationStatus {
  return { evaluation, workflow: 'unknown', started_at: null, closed_at: null, progress: null, doing: [], rollouts: null, problem: null };
}

/** What facts of the model name a state of sources; null where none does. */
function commitOf({ model }: EvaluationRecord): string | null {
  const named = Object.entries(model.facts).find(([fact]) => /commit|revision|sha256/i.test(fact));
  return named?.[1] ?? null;
}

/** Outcomes of both, by instance, cell and run, that differ; with the row of the newer one. */
async function changedOf(
  { ledger }: LiveContext,
  record: EvaluationRecord,
  baseline: EvaluationRecord,
): Promise<EvaluationView['changed']> {
  const key = ({ instance_id, harness, mode, run }: EvaluationRecord['outcomes'][number]) =>
    JSON.stringify([instance_id, harness, mode, run]);
  const before = new Map(baseline.outcomes.map((outcome) => [key(outcome), outcome.verdict]));
  const campaign = evaluationCampaign(record.name);
  const here = await ledger.hasCampaign(campaign);
  return record.outcomes.flatMap((outcome) => {
    const was = before.get(key(outcome));
    if (was === undefined || was === outcome.verdict) return [];
    const { instance_id, harness, mode, run, verdict } = outcome;
    return [
      {
        instance_id,
        cell: `${harness} · ${mode} · run ${run + 1}`,
        before: was,
        now: verdict,
        collection: here ? collectionOf(campaign) : null,
        row: here ? `${campaign}/${instance_id}/${harness}/${mode}/${run}` : null,
      },
    ];
  });
}

/** Series of evaluations that were checked or accepted, and schedules that start some. */
export async function nightlyLines({ ledger, store, temporal }: LiveContext): Promise<RunLines> {
  const missing: string[] = [];
  const storeId = await store.id();
  const checks = (await ledger.runs('check')).map(({ name }) => name.split('/')[0] ?? '');
  const accepted = (await ledger.runs('acceptance')).map(({ name }) => name);
  const schedules = (await temporal.ask(missing, 'what is scheduled is not known', (client) => listSchedules(client, storeId))) ?? [];
  const names = new Set([...checks, ...accepted, ...schedules.map(({ name }) => name)]);
  const runs = [...names].sort().map((name) => {
    const schedule = schedules.find((other) => other.name === name);
    const checked = checks.filter((series) => series === name).length;
    const next = schedule?.next[0];
    return {
      name,
      state: schedule === undefined ? 'not scheduled' : schedule.paused ? 'paused' : 'scheduled',
      started_at: schedule?.recent.at(-1)?.time ?? null,
      detail: [`${checked} checks`, ...(next === undefined ? [] : [`next ${next}`])].join(', '),
    };
  });
  return { missing, runs };
}

export async function nightlyView(context: LiveContext, series: string): Promise<NightlyView | undefined> {
  const { ledger, store } = context;
  const missing: string[] = [];
  const names = (await ledger.runs('evaluation')).map(({ name }) => name).filter((name) => seriesOf(name) === series);
  const acceptance = await acceptanceOf(series, context);
  if (names.length === 0 && acceptance === null) return undefined;
  const points: NightlyView['points'] = [];
  for (const evaluation of names) {
    const record = await recordOf(context, evaluation, missing);
    if (record === null) continue;
    const figures = evaluationFigures(record);
    const [cell] = figures.cells;
    const run = await ledger.run('check', `${series}/${evaluation}`);
    const check = run === null ? null : await getJson(store, run.record, CheckRecord);
    const rates = figures.cells.map(({ rate }) => rate.mean);
    points.push({
      evaluation,
      at: figures.ended_at,
      n: figures.benchmark.instances,
      rate: rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length),
      low: cell?.interval.low ?? 0,
      high: cell?.interval.high ?? 1,
      commit: commitOf(record),
      check,
    });
  }
  points.sort((a, b) => (a.at < b.at ? -1 : 1));
  return { missing, points, alarm_below: alarmLine(points, acceptance?.evaluation ?? null), baseline: acceptance?.evaluation ?? null };
}

/** The accepted rate less what the newest check can find; null where no check says. */
function alarmLine(points: NightlyView['points'], baseline: string | null): number | null {
  const accepted = points.find(({ evaluation }) => evaluation === baseline);
  const tests = points.findLast(({ check }) => check !== null)?.check?.alarm.tests ?? [];
  const finds = tests.find(({ cell }) => cell === 'overall')?.detectable ?? tests[0]?.detectable ?? null;
  return accepted === undefined || finds === null ? null : Math.max(0, accepted.rate - finds);
}
