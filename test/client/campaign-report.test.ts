import { afterEach, beforeEach, expect, it } from 'vitest';
import { putJson } from '../../activities/artifacts/store.ts';
import { decideRow, lostEntry } from '../../activities/filtering/ledger-entry.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import { campaignReport } from '../../client/campaign-report.ts';
import { CampaignPlan } from '../../schemas/campaign-plan.ts';
import type { TaskRecord } from '../../schemas/ledger-record.ts';
import type { Task } from '../../schemas/task.ts';
import { type Workplace, workplace } from '../dataset/campaign.ts';
import { finish, run, scan, task, trajectory, verdict } from '../filtering/rows.ts';
import { countTokens } from '../filtering/count-tokens.ts';

const preset = presetOf('open-swe-traces');
const teacher = { name: 'scripted', model: 'Scripted-1.5' };
let place: Workplace;
beforeEach(() => {
  place = workplace();
});
afterEach(() => place.close());

async function plan(skipped: unknown[]): Promise<void> {
  const campaign = {
    name: 'demo',
    tasks: ['tasks.jsonl'],
    harnesses: { openhands: {} },
    modes: { think: 'scripted' },
    teachers: { scripted: { model: 'm', base_url: 'http://localhost/v1' } },
  };
  const ref = await putJson(place.store, CampaignPlan.parse({ campaign, templates: {}, tasks: [], skipped }));
  await place.ledger.recordCampaign({ campaign: 'demo', plan: ref });
}

/** A task on record, and the reference to it. */
async function record(source: Task, changes: Partial<TaskRecord>) {
  const ref = await putJson(place.store, source);
  const { instance_id, repo, language } = source;
  const known = { campaign: 'demo', instance_id, repo, language, license: 'MIT', task: ref, gate: null, problem: null };
  await place.ledger.planTasks([{ ...known, state: 'done', reported: null, remarks: [], ...changes }]);
  return ref;
}

const keyOf = (instance_id: string, sample = 0) =>
  ({ campaign: 'demo', instance_id, harness: 'openhands', mode: 'think', sample }) as const;

it('lists inputs, then tasks with what the gate found odd, and nothing about what went well', async () => {
  await plan([
    { place: 'a.parquet', code: 'source_unreadable', reason: 'a.parquet is no Parquet file', hint: 'compare its size' },
    { place: 'b.jsonl line 3', reason: 'written by an older version' },
  ]);
  const reported = { code: 'image_missing', message: 'a__a-1: image a is nowhere', hint: 'build it' };
  const remark = { code: 'test_log_cut', message: 'too long', hint: 'print less' };
  const source = task({ instance_id: 'a__a-1' });
  const taskRef = await record(source, { state: 'failed', problem: 'image_missing: a__a-1: image a is nowhere (build it)', reported });
  await record(task({ instance_id: 'a__a-2' }), { remarks: [remark] });
  await record(task({ instance_id: 'a__a-3' }), { state: 'gated_out', problem: 'gold_failed:' });
  await record(task({ instance_id: 'a__a-4' }), {});
  await place.ledger.planRollouts([{ key: keyOf('a__a-1'), teacher: 'scripted' }]);
  await place.ledger.recordEntries([
    lostEntry({ key: keyOf('a__a-1'), teacher, task: source, taskRef, rule: 'environment_exception', detail: 'image_missing' }, preset),
  ]);
  expect(await campaignReport(place.ledger, place.store, 'demo')).toEqual([
    { kind: 'input', where: 'a.parquet', code: 'source_unreadable', message: 'a.parquet is no Parquet file', hint: 'compare its size' },
    { kind: 'input', where: 'b.jsonl line 3', code: 'bad_row', message: 'written by an older version', hint: '' },
    { kind: 'task', where: 'a__a-1', ...reported },
    { kind: 'task', where: 'a__a-2', ...remark },
    { kind: 'task', where: 'a__a-3', code: 'gated_out', message: 'gold_failed:', hint: '' },
  ]);
});

it('lists rollouts that were lost, with the last failure, those without a verdict, and those whose verdict is in doubt', async () => {
  const source = task({ instance_id: 'a__a-1' });
  const taskRef = await record(source, { state: 'failed', problem: '1 of 3 rollouts were lost to infrastructure' });
  const keys = [0, 1, 2, 3].map((sample) => keyOf('a__a-1', sample));
  await place.ledger.planRollouts(keys.map((key) => ({ key, teacher: 'scripted' })));
  const [lost = keyOf(''), unverified = keyOf(''), judged = keyOf(''), doubtful = keyOf('')] = keys;
  const attempt = { key: lost, stage: 'rollout', outcome: 'infrastructure' } as const;
  await place.ledger.recordAttempt({ ...attempt, attempt: 1, code: 'engine_unreachable', detail: 'no engine' });
  await place.ledger.recordAttempt({ ...attempt, attempt: 2, code: 'out_of_memory', detail: 'no memory' });
  await place.ledger.recordEntries([
    lostEntry({ key: lost, teacher, task: source, taskRef, rule: 'environment_exception', detail: 'no memory' }, preset),
  ]);
  const verdicts = [
    [unverified, verdict({ resolved: -1, reason: 'infrastructure', detail: 'disk_full: no room' })],
    [judged, verdict({ resolved: 0 })],
    [doubtful, verdict({ ambiguous: [{ cause: 'equal_names', hides: 'failed', tests: ['adds'], line: '' }] })],
  ] as const;
  for (const [key, found] of verdicts) {
    const leftOut = { count: 2, files: [{ path: 'fifo', reason: 'not_a_file' as const }] };
    const row = { ...trajectory([run('ls'), finish], { key }), ...(key === judged && { left_out: leftOut }) };
    const refs = { task: taskRef, trajectory: await putJson(place.store, row), verdict: await putJson(place.store, found) };
    await place.ledger.recordEntries([
      decideRow({ trajectory: row, task: source, verdict: found, scan: scan(), refs }, preset, countTokens),
    ]);
  }
  const lines = (await campaignReport(place.ledger, place.store, 'demo')).sort((a, b) => a.where.localeCompare(b.where));
  expect(lines.map(({ kind, where, code, message }) => [kind, where, code, message])).toEqual([
    ['task', 'a__a-1', 'rollouts_lost', '1 of 3 rollouts were lost to infrastructure'],
    ['rollout', 'demo/a__a-1/openhands/think/0', 'out_of_memory', 'no memory'],
    ['rollout', 'demo/a__a-1/openhands/think/1', 'infrastructure', 'disk_full: no room'],
    [
      'rollout',
      'demo/a__a-1/openhands/think/2',
      'patch_incomplete',
      "the patch lacks 2 files of the agent's change: fifo (a pipe, socket or device) and 1 more",
    ],
    [
      'rollout',
      'demo/a__a-1/openhands/think/3',
      'ambiguous_verdict',
      'resolved 1 rests on an ambiguous test log: counts as passed, may have failed: several tests have this name, with different outcomes',
    ],
  ]);
  expect(lines.every(({ hint }) => hint !== '')).toBe(true);
});
