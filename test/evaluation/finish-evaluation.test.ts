import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getJson, putJson } from '../../activities/artifacts/store.ts';
import { finishEvaluation } from '../../activities/evaluation/finish-evaluation.ts';
import { outcomeOf } from '../../activities/evaluation/outcomes.ts';
import { planEvaluation, readEvaluation } from '../../activities/evaluation/plan-evaluation.ts';
import { rolloutsAt } from '../../activities/evaluation/rollouts-at.ts';
import { decideRow } from '../../activities/filtering/ledger-entry.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import { recordPlan } from '../../activities/planning/index.ts';
import type { CampaignProgress } from '../../schemas/campaign-progress.ts';
import { EvaluationFile } from '../../schemas/evaluation.ts';
import { EvaluationRecord } from '../../schemas/evaluation-record.ts';
import type { CanaryReport, EvaluationPlan } from '../../schemas/evaluation-run.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import type { Verdict } from '../../schemas/verdict.ts';
import { countTokens } from '../filtering/count-tokens.ts';
import { finish, run, scan, task, trajectory, verdict } from '../filtering/rows.ts';
import { keyOf, lost, ref } from '../ledger/records.ts';
import { Workplace } from './workplace.ts';

function rowOf(key: RolloutKey, change: Partial<Verdict> = {}, steps = [run('ls'), finish]) {
  const row = trajectory(steps, { key, longest_context: 900 });
  const refs = { task: ref, trajectory: ref, verdict: ref };
  const given = { trajectory: row, task: task(), verdict: verdict(change), scan: scan(), refs };
  return { row, entry: decideRow(given, presetOf('evaluation'), countTokens) };
}

describe('the outcome of a rollout', () => {
  it.each([
    [{}, 'resolved', 1],
    [{ resolved: 0, reason: 'tests' }, 'unresolved', 0],
    [{ resolved: 0, reason: 'empty_patch' }, 'empty_patch', 0],
    [{ resolved: 0, reason: 'patch_apply_failed' }, 'patch_apply_failed', 0],
    [{ resolved: 0, reason: 'test_timeout' }, 'test_timeout', 0],
    [{ resolved: 0, reason: 'tests_altered' }, 'unresolved', 0],
    [{ resolved: -1, reason: 'infrastructure' }, 'infra_error', -1],
  ] as const)('is our own verdict %o where nobody else graded: %s', (change, expected, ours) => {
    const { row, entry } = rowOf(keyOf(), change);
    expect(outcomeOf(entry, row, undefined)).toMatchObject({
      verdict: expected,
      graded_by: 'tracemill',
      ours,
      longest_context: 900,
      calls: 2,
    });
  });

  it("is the grader's where it gave one, with ours beside it", () => {
    const { row, entry } = rowOf(keyOf());
    expect(outcomeOf(entry, row, 'unresolved')).toMatchObject({ verdict: 'unresolved', graded_by: 'grader', ours: 1 });
  });

  it('has no cross-check where our verification cannot judge the instance', () => {
    const { row, entry } = rowOf(keyOf(), { resolved: 0 });
    expect(outcomeOf(entry, row, 'resolved', false)).toMatchObject({ verdict: 'resolved', graded_by: 'grader', ours: null });
    expect(outcomeOf(entry, row, undefined, false)).toMatchObject({ verdict: 'not_run', graded_by: 'nobody', ours: null });
  });

  it('of a rollout that infrastructure kept from ending is nobody’s, whatever a grader makes of an empty patch', () => {
    expect(outcomeOf(lost(keyOf()), null, 'empty_patch')).toMatchObject({
      verdict: 'infra_error',
      graded_by: 'nobody',
      trajectory_id: null,
      patch_sha256: null,
      ending: null,
    });
  });

  it('counts the calls that could not be executed as they were sent', () => {
    const { row, entry } = rowOf(keyOf(), {}, [{ name: 'execute_bash', arguments: '{"command"' }, run('ls'), finish]);
    expect(outcomeOf(entry, row, undefined)).toMatchObject({ calls: 3, unparsed_calls: 1 });
  });
});

const ended: CampaignProgress = {
  campaign: 'evaluation.nightly',
  state: 'done',
  tasks: 3,
  skipped: 0,
  started: 3,
  in_flight: [],
  prefetched: [],
  counts: { done: 3, gated_out: 0, failed: 0, cancelled: 0 },
  totals: { planned: 3, done: 3, lost: 0, kept: 3, resolved: 3, turns: 6, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 },
  concurrency: 1,
  budget: { tokens: 0, cost_usd: 0 },
  pauses: [],
  detail: '',
  release: null,
};

describe('the record of an evaluation', () => {
  let place: Workplace;
  let plan: EvaluationPlan;
  const file = EvaluationFile.parse({
    name: 'nightly',
    benchmark: { name: 'tasks', data: ['/rows.jsonl'] },
    model: { name: 'student', endpoint: { base_url: 'http://127.0.0.1:9/v1', model: 'm' } },
    harnesses: { openhands: {} },
    modes: { think: {} },
    runs: 1,
    grader: 'none',
  });
  const canary: CanaryReport = { mode: 'think', strictness: 'lenient', passed: ['tool call (forced)'], unchecked: ['context: unknown'] };
  const input = { canary: [canary], server: null, started_at: '2026-01-01T00:00:00.000Z', grading: null };
  const end = () => finishEvaluation(plan, input, place.needs, place.work);

  beforeEach(async () => {
    place = new Workplace();
    plan = await readEvaluation(file, place.needs, place.work);
    await recordPlan(rolloutsAt(plan, 'http://127.0.0.1:9/v1'), place.needs.store, place.ledger);
  });

  afterEach(() => place.close());

  async function enter(instance_id: string, change: Partial<Verdict> = {}): Promise<void> {
    const { row, entry } = rowOf(keyOf({ campaign: 'evaluation.nightly', instance_id }), change);
    await place.ledger.recordEntries([{ ...entry, trajectory: await putJson(place.needs.store, row) }]);
  }

  it('has an outcome for every planned rollout, those that never ran among them, and tasks whose gold patch fails', async () => {
    await enter('o__r-0');
    await enter('o__r-1', { resolved: 0 });
    await place.ledger.changeTask('evaluation.nightly', 'o__r-1', { gate: { passed: false, reason: 'gold_failed' } });
    const { record: made, counts, folder } = await end();
    expect(counts).toEqual({ outcomes: 3, resolved: 1, infra_errors: 0, not_run: 1 });
    const record = await getJson(place.needs.store, made, EvaluationRecord);
    expect(record.outcomes.map(({ instance_id, verdict: of }) => [instance_id, of])).toEqual([
      ['o__r-0', 'resolved'],
      ['o__r-1', 'unresolved'],
      ['o__r-2', 'not_run'],
    ]);
    expect(record.benchmark.gold_failures).toEqual(['o__r-1']);
    expect(record.model.facts).toMatchObject({
      endpoint: 'http://127.0.0.1:9/v1',
      'think: canary': 'lenient; passed: tool call (forced); not checked: context: unknown',
    });
    expect(Object.keys(record.model.facts)).toEqual(Object.keys(record.model.facts).toSorted());
    expect(folder.startsWith(place.needs.folders.evaluations)).toBe(true);
  });

  it('says why the grader and our verification differ, and which gold patches the grader does not pass', async () => {
    const [first, second] = ['o__r-0', 'o__r-1'];
    for (const instance_id of [first, second]) {
      const { row, entry } = rowOf(keyOf({ campaign: 'evaluation.nightly', instance_id }));
      const whole = { ...verdict(), runs: 3 };
      await place.ledger.recordEntries([
        {
          ...entry,
          trajectory: await putJson(place.needs.store, row),
          verdict: entry.verdict && { ...entry.verdict, ref: await putJson(place.needs.store, whole) },
        },
      ]);
    }
    const grade = { harness: 'openhands', mode: 'think' as const, run: 0, detail: '', failed: [] };
    const grading = {
      name: 'swebench5',
      version: '5.0.2',
      gold_failures: [second],
      grades: [
        { ...grade, instance_id: first, verdict: 'unresolved' as const, failed: ['flaky'] },
        { ...grade, instance_id: second, verdict: 'resolved' as const },
      ],
    };
    const { record: made } = await finishEvaluation(plan, { ...input, grading }, place.needs, place.work);
    const record = await getJson(place.needs.store, made, EvaluationRecord);
    expect(record.outcomes.map(({ disagreement }) => disagreement)).toEqual([
      'tests that fail there pass here: flaky; here they passed in one of 3 runs',
      undefined,
      undefined,
    ]);
    expect(record.benchmark.gold_failures).toEqual([second]);
  });

  it('stays the same, with its times, when nothing new is known, and keeps what the canary said', async () => {
    await enter('o__r-0');
    const first = await end();
    const again = await finishEvaluation(plan, { ...input, canary: [], started_at: '2026-02-02T00:00:00.000Z' }, place.needs, place.work);
    expect(again).toMatchObject({ record: first.record, unchanged: true });
    await enter('o__r-1');
    const third = await end();
    expect(third).toMatchObject({ unchanged: false, counts: { resolved: 2 } });
    expect(await place.ledger.runHistory('evaluation', 'nightly')).toHaveLength(2);
  });

  it('is taken for finished only when nothing is missing in it', async () => {
    for (const id of ['o__r-0', 'o__r-1']) await enter(id);
    await place.ledger.recordCampaignEnd({
      plan: await recordPlan(rolloutsAt(plan, 'http://127.0.0.1:9/v1'), place.needs.store, place.ledger),
      progress: ended,
    });
    await end();
    expect(await planEvaluation(file, place.needs, place.work)).toMatchObject({ rollouts_done: false, finished: null });
    await enter('o__r-2');
    const { record } = await end();
    expect(await planEvaluation(file, place.needs, place.work)).toMatchObject({ rollouts_done: true, finished: record });
  });
});
