import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putJson } from '../../activities/artifacts/store.ts';
import { planEvaluation, readEvaluation } from '../../activities/evaluation/plan-evaluation.ts';
import { rolloutsAt } from '../../activities/evaluation/rollouts-at.ts';
import { recordPlan } from '../../activities/planning/index.ts';
import { EvaluationFile } from '../../schemas/evaluation.ts';
import type { CheckpointRecord } from '../../schemas/training.ts';
import { taskOf, Workplace } from './workplace.ts';

let place: Workplace;

beforeEach(() => {
  place = new Workplace();
});

afterEach(() => place.close());

type Change = Partial<Omit<ReturnType<typeof EvaluationFile.parse>, 'model'>> & { model?: object };

function served(change: Change = {}): EvaluationFile {
  return EvaluationFile.parse({
    name: 'nightly',
    benchmark: { name: 'tasks', data: ['/rows.jsonl'] },
    model: { name: 'student', serve: { checkpoint: place.model() }, base: 'thinking' },
    harnesses: { openhands: {}, sweagent: {} },
    modes: { think: { sampling: { temperature: 0.5 } }, no_think: {} },
    ...change,
  });
}

const endpoint = { name: 'student', endpoint: { base_url: 'http://127.0.0.1:9/v1', model: 'm' } };

describe('the plan of an evaluation', () => {
  it('is a campaign that counts everything, in which the model is asked as its base was trained', async () => {
    const { rollouts, benchmark, checkpoint } = await readEvaluation(served(), place.needs, place.work);
    expect(rollouts.campaign).toMatchObject({
      name: 'evaluation.nightly',
      purpose: 'evaluation',
      samples: 3,
      harnesses: { openhands: { max_turns: 250 }, sweagent: { max_turns: 250 } },
      filtering: { preset: 'evaluation' },
      release: { build: false },
      modes: { think: 'student-think', no_think: 'student-no_think' },
    });
    const { 'student-think': think, 'student-no_think': plain } = rollouts.campaign.teachers;
    expect(think).toMatchObject({
      model: `student-${checkpoint?.sha256.slice(0, 8)}`,
      thinking: { control: 'suffix_and_kwargs', resend: 'auto' },
      sampling: { temperature: 0.5, top_p: 0.95, top_k: 20 },
    });
    expect(plain?.sampling).toMatchObject({ temperature: 0.7, top_p: 0.8 });
    expect(benchmark.instances).toHaveLength(3);
  });

  it('is refused before anything is spent where something is wrong', async () => {
    const refusal = (file: EvaluationFile) => readEvaluation(file, place.needs, place.work);
    await expect(refusal(served({ only: ['o__r-9'] }))).rejects.toMatchObject({ code: 'bad_evaluation', message: /no instance o__r-9/ });
    place.model(4096);
    await expect(
      refusal({ ...served(), model: { ...served().model, serve: { ...serveOf(served()), checkpoint: place.model(4096) } } }),
    ).rejects.toMatchObject({
      code: 'bad_evaluation',
      message: expect.stringContaining('takes 4096 tokens'),
    });
    const missing = served({ model: { name: 's', base: 'coder', serve: { checkpoint: '/nowhere' } } });
    await expect(refusal(missing)).rejects.toMatchObject({
      code: 'bad_evaluation',
      message: expect.stringContaining('/nowhere is no model'),
    });
    const training = served({ model: { name: 's', serve: { training: 'study/all' } } });
    await expect(refusal(training)).rejects.toMatchObject({
      code: 'bad_evaluation',
      message: expect.stringContaining('no training study/all'),
    });
    const key = served({ model: { ...endpoint, endpoint: { ...endpoint.endpoint, api_key_env: 'NO_SUCH_KEY' } } });
    await expect(refusal(key)).rejects.toMatchObject({ code: 'bad_evaluation', message: expect.stringContaining('NO_SUCH_KEY') });
  });

  it('knows of a student of a training what it was made from, and how long its longest row was', async () => {
    const folder = place.model();
    const record: CheckpointRecord = {
      format: 1,
      training: 'study',
      variant: 'all',
      base: 'coder',
      folder,
      sha256: 'c'.repeat(64),
      release: { folder: '/r', content_sha256: 'd'.repeat(64) },
      files: { rows: 1, tokens: 2, trained_tokens: 1, dropped: {}, sha256: 'e'.repeat(64) },
      max_tokens: 65_536,
      chat_template_sha256: 'a'.repeat(64),
      tokenizer_sha256: 'b'.repeat(64),
      trainer: { name: 'trl', version: 'trl 1', config_sha256: 'f'.repeat(64) },
      job: { name: 'study-all', submissions: 1, seconds: 1 },
      metrics: { steps: 1, first_loss: null, last_loss: null },
      losses: [],
    };
    const ref = await putJson(place.needs.store, record);
    await place.ledger.recordRun({ kind: 'training', name: 'study/all', record: ref, recorded_at: '2026-01-02T03:04:05.000Z' });
    const file = served({ model: { name: 's', serve: { training: 'study/all' } } });
    const { checkpoint } = await readEvaluation(file, place.needs, place.work);
    expect(checkpoint).toMatchObject({ folder, base: 'coder', training: 'study/all', trained_tokens: 65_536 });
    const other = served({ model: { name: 's', base: 'thinking', serve: { training: 'study/all' } } });
    await expect(readEvaluation(other, place.needs, place.work)).rejects.toMatchObject({
      message: expect.stringContaining('is of base coder, not thinking'),
    });
  });

  it('never mixes the rollouts of two models or sets under one name', async () => {
    const first = await readEvaluation(served({ model: endpoint }), place.needs, place.work);
    await recordPlan(rolloutsAt(first, 'http://127.0.0.1:1/v1'), place.needs.store, place.ledger);
    const moved = { ...endpoint, endpoint: { ...endpoint.endpoint, base_url: 'http://127.0.0.1:2/v1' } };
    expect(await planEvaluation(served({ model: moved, concurrency: 2 }), place.needs, place.work)).toMatchObject({
      rollouts: 36,
      rollouts_done: false,
      finished: null,
    });
    const other = { ...endpoint, endpoint: { ...endpoint.endpoint, model: 'other' } };
    await expect(planEvaluation(served({ model: other }), place.needs, place.work)).rejects.toMatchObject({
      code: 'evaluation_changed',
      message: expect.stringContaining('model: m before, other now'),
      hint: expect.stringContaining('tracemill campaign remove evaluation.nightly --yes'),
    });
    await expect(planEvaluation(served({ model: endpoint, runs: 1 }), place.needs, place.work)).rejects.toMatchObject({
      message: expect.stringContaining('runs: 3 before, 1 now'),
    });
  });

  it('takes a fixed subset by language and repository, whatever the order of the rows', async () => {
    const languages = ['python', 'python', 'python', 'go'] as const;
    place.tasks = Array.from({ length: 40 }, (_, n) => taskOf(n, { language: languages[n % 4] ?? 'c', repo: `o/r${n % 8}` }));
    const subsetOf = async (seed = 0) => {
      const { benchmark } = await readEvaluation(
        served({ subset: { size: 8, seed, stratify_by: ['language', 'repo'] } }),
        place.needs,
        place.work,
      );
      return benchmark;
    };
    const first = await subsetOf();
    expect(Object.groupBy(first.instances, ({ language }) => language)['go']).toHaveLength(2);
    expect(new Set(first.instances.map(({ repo }) => repo)).size).toBe(8);
    place.tasks.reverse();
    expect((await subsetOf()).set_sha256).toBe(first.set_sha256);
    expect((await subsetOf(1)).set_sha256).not.toBe(first.set_sha256);
  });
});

function serveOf({ model }: EvaluationFile) {
  if (model.serve === undefined) throw new Error('it serves no model');
  return model.serve;
}
