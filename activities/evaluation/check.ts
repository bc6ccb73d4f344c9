import { type Acceptance, type Alarm, CheckRecord } from '../../schemas/alarm.ts';
import { Problem } from '../../schemas/problem.ts';
import { getJson, putJson } from '../artifacts/store.ts';
import { judge } from './alarm/judge.ts';
import { seriesOf } from './alarm/series.ts';
import { acceptanceOf, baselineOf, type EvaluationStores, storedEvaluation } from './records.ts';

/**
 * Checks an evaluation against a baseline (`accepted`, or the name of an evaluation) and puts the check on the ledger.
 * Throws `Problem` evaluation_not_found, unknown_baseline.
 */
export async function checkEvaluation(
  { name, baseline, series = seriesOf(name) }: { name: string; baseline: string; series?: string | undefined },
  stores: EvaluationStores,
): Promise<Alarm> {
  const evaluation = await storedEvaluation(name, stores);
  const other = await baselineOf(series, baseline, stores);
  const alarm = judge({ evaluation: evaluation.record, baseline: other.record, previous: await previousCheck(series, name, stores) });
  const checked_at = new Date().toISOString();
  const record: CheckRecord = { format: 1, series, alarm, checked_at };
  await stores.ledger.recordRun({
    kind: 'check',
    name: `${series}/${name}`,
    record: await putJson(stores.store, record),
    recorded_at: checked_at,
  });
  return alarm;
}

/**
 * Makes an evaluation the baseline of its series. Throws `Problem` evaluation_not_found; evaluation_not_acceptable for one whose
 * last check was invalid, unless `anyway`.
 */
export async function acceptEvaluation(
  { name, series = seriesOf(name), anyway = false }: { name: string; series?: string | undefined; anyway?: boolean },
  stores: EvaluationStores,
): Promise<Acceptance> {
  const { ref } = await storedEvaluation(name, stores);
  const check = await stores.ledger.run('check', `${series}/${name}`);
  const verdict = check === null ? null : (await getJson(stores.store, check.record, CheckRecord)).alarm.verdict;
  if ((verdict === 'invalid' || verdict === 'regression') && !anyway) {
    throw new Problem('evaluation_not_acceptable', `the last check of ${name} says: ${verdict}`, {
      hint: `see: tracemill evaluation check ${name}; to accept it all the same: --anyway`,
    });
  }
  const known = await acceptanceOf(series, stores);
  if (known !== null && known.evaluation === name && known.record.sha256 === ref.sha256) return known;
  const acceptance: Acceptance = { format: 1, series, evaluation: name, record: ref, accepted_at: new Date().toISOString() };
  await stores.ledger.recordRun({
    kind: 'acceptance',
    name: series,
    record: await putJson(stores.store, acceptance),
    recorded_at: acceptance.accepted_at,
  });
  return acceptance;
}

/** The last check of the series before this evaluation's own. */
async function previousCheck(series: string, name: string, { ledger, store }: EvaluationStores): Promise<Alarm | null> {
  const checks = (await ledger.runs('check')).filter((run) => run.name.startsWith(`${series}/`) && run.name !== `${series}/${name}`);
  const records = await Promise.all(checks.map(async ({ record }) => await getJson(store, record, CheckRecord)));
  // A check that is repeated later is no later night: the names of a series carry their dates.
  const earlier = records.filter(({ alarm }) => alarm.evaluation < name);
  return earlier.sort((a, b) => (a.alarm.evaluation < b.alarm.evaluation ? -1 : 1)).at(-1)?.alarm ?? null;
}
