import { getJson } from '../../../activities/artifacts/store.ts';
import { acceptanceOf, evaluationFigures, seriesOf } from '../../../activities/evaluation/index.ts';
import { listEvaluations } from '../../../client/evaluation-list.ts';
import { evaluationStatus } from '../../../client/evaluation-status.ts';
import { listSchedules } from '../../../client/schedules.ts';
import { wilsonInterval } from '../../../platform/wilson-interval.ts';
import { withoutCredentials } from '../../../platform/without-credentials.ts';
import { CheckRecord } from '../../../schemas/alarm.ts';
import { EvaluationRecord } from '../../../schemas/evaluation-record.ts';
import type { EvaluationStatus } from '../../../schemas/evaluation-status.ts';
import { messageOf } from '../../../schemas/problem.ts';
import { rolloutId } from '../../../schemas/rollout-id.ts';
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
    status: ofRecord(live ?? onlyRecorded(name), record),
    figures: record === null ? null : evaluationFigures(record, baseline === null ? {} : { baseline, intersect: true }),
    commit: record === null ? null : commitOf(record),
    changed: record === null || baseline === null ? [] : await changedOf(context, record, baseline),
    baselines: others,
  };
}

async function recordOf({ ledger, store }: LiveContext, name: string, missing: string[]): Promise<EvaluationRecord | null> {
  const run = await ledger.run('evaluation', name);
  if (run === null) return null;
  try {
    const record = await getJson(store, run.record, EvaluationRecord);
    // Records up to 0.1.0 hold the address of a model as its file has it.
    const facts = Object.entries(record.model.facts).map(([fact, value]) => [fact, withoutCredentials(value)]);
    return { ...record, model: { ...record.model, facts: Object.fromEntries(facts) } };
  } catch (error) {
    missing.push(`the record of ${name} cannot be read: ${messageOf(error)}`);
    return null;
  }
}

function onlyRecorded(evaluation: string): EvaluationStatus {
  return { evaluation, workflow: 'unknown', started_at: null, closed_at: null, progress: null, doing: [], rollouts: null, problem: null };
}

/** A server that has forgotten an evaluation, or does not answer, leaves what its record says. */
function ofRecord(status: EvaluationStatus, record: EvaluationRecord | null): EvaluationStatus {
  if (status.workflow !== 'unknown' || record === null) return status;
  return { ...status, workflow: 'recorded', started_at: record.started_at, closed_at: record.ended_at };
}

/**
 * What was measured: the commit of Tracemill's sources, else its version, and the checkpoint by its hash; null where no fact says
 * either. Hashes of inputs and templates are no states of sources.
 */
function commitOf({ model: { facts } }: Pick<EvaluationRecord, 'model'>): string | null {
  const [, commit] = Object.entries(facts).find(([fact]) => /(^|[ _])(commit|revision)$/i.test(fact)) ?? [];
  const { tracemill, checkpoint_sha256: checkpoint } = facts;
  const sources = commit === undefined ? (tracemill === undefined ? [] : [`Tracemill ${tracemill}`]) : [shortHash(commit)];
  const parts = [...sources, ...(checkpoint === undefined ? [] : [`checkpoint ${shortHash(checkpoint)}`])];
  return parts.length === 0 ? null : parts.join(', ');
}

/** The first twelve digits of a hash; what stands behind it stays. */
function shortHash(text: string): string {
  return text.replace(/^([0-9a-f]{12})[0-9a-f]+/i, '$1');
}

/** Outcomes of both, by instance, cell and run, that differ; with the rows of both where they stand here. */
async function changedOf(
  { ledger }: LiveContext,
  record: EvaluationRecord,
  baseline: EvaluationRecord,
): Promise<EvaluationView['changed']> {
  const key = ({ instance_id, harness, mode, run }: EvaluationRecord['outcomes'][number]) =>
    JSON.stringify([instance_id, harness, mode, run]);
  const before = new Map(baseline.outcomes.map((outcome) => [key(outcome), outcome.verdict]));
  const rowOf = async ({ name }: EvaluationRecord) => {
    const campaign = evaluationCampaign(name);
    const here = await ledger.hasCampaign(campaign);
    return ({ instance_id, harness, mode, run }: EvaluationRecord['outcomes'][number]) =>
      here
        ? { collection: collectionOf(campaign), row: rolloutId({ campaign, instance_id, harness, mode, sample: run }) }
        : { collection: null, row: null };
  };
  const [own, other] = await Promise.all([rowOf(record), rowOf(baseline)]);
  return record.outcomes.flatMap((outcome) => {
    const was = before.get(key(outcome));
    if (was === undefined || was === outcome.verdict) return [];
    const { instance_id, harness, mode, run, verdict } = outcome;
    const cell = `${harness} · ${mode} · run ${run + 1}`;
    return [{ instance_id, cell, before: was, now: verdict, ...own(outcome), baseline: other(outcome) }];
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
    const run = await ledger.run('check', `${series}/${evaluation}`);
    const check = run === null ? null : await getJson(store, run.record, CheckRecord);
    const rates = figures.cells.map(({ rate: { mean } }) => mean);
    const rate = rates.reduce((sum, each) => sum + each, 0) / Math.max(1, rates.length);
    // As that of a cell: the mean is taken as one run of these instances, the cautious reading.
    const { low, high } = wilsonInterval(rate, figures.benchmark.instances);
    points.push({
      evaluation,
      at: figures.ended_at,
      n: figures.benchmark.instances,
      rate,
      low,
      high,
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
