import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPipelineFile } from '../../activities/pipeline/pipeline-file.ts';
import { messageOf } from '../../schemas/problem.ts';
import { planningNeeds } from '../../workers/planning-needs.ts';
import { trainingParts } from '../../workers/training-parts.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-pipeline-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const files = {
  'campaign.yaml': `name: pulls
tasks: [tasks.jsonl]
harnesses: { openhands: {} }
modes: { think: teacher }
teachers: { teacher: { model: m, base_url: 'http://127.0.0.1:1/v1' } }
release: { version: v7 }
`,
  'training.yaml': `name: study
variants:
  full: { base: coder }
  python-only: { base: coder, rows: { languages: [python] } }
trainer: { name: trl }
`,
  'student.yaml': `name: nightly
benchmark: { name: tasks, data: [tasks.jsonl] }
model: { name: student, serve: { engine: vllm } }
harnesses: { openhands: {} }
modes: { no_think: {} }
`,
  'teacher.yaml': `name: teacher
benchmark: { name: tasks, data: [tasks.jsonl] }
model: { name: teacher, endpoint: { base_url: 'http://127.0.0.1:1/v1', model: m } }
harnesses: { openhands: {} }
modes: { no_think: {} }
`,
};

function read(pipeline: string, changed: Record<string, string> = {}, from?: Parameters<typeof readPipelineFile>[2]) {
  for (const [name, text] of Object.entries({ ...files, ...changed, 'pipeline.yaml': pipeline })) writeFileSync(join(folder, name), text);
  const needs = { harnesses: planningNeeds.harnesses, trainers: trainingParts().trainers, releases: '/home/releases' };
  return readPipelineFile(join(folder, 'pipeline.yaml'), needs, from);
}

const whole = `name: student
campaign: campaign.yaml
training: training.yaml
evaluations:
  - { file: student.yaml }
  - { file: teacher.yaml }
`;

async function complaint(
  pipeline: string,
  changed?: Record<string, string>,
  from?: Parameters<typeof readPipelineFile>[2],
): Promise<string> {
  try {
    await read(pipeline, changed, from);
    return 'none';
  } catch (error) {
    return messageOf(error).replaceAll(`${folder}/`, '');
  }
}

describe('a pipeline file', () => {
  it('brings the release of its campaign to the training, and every student to the evaluations without a model', async () => {
    const start = await read(whole);
    expect(start).toMatchObject({ name: 'student', from: 'campaign', campaign: { name: 'pulls' } });
    expect(start.training?.release).toBe('/home/releases/pulls/v7');
    expect(start.evaluations.map(({ file, variant }) => [file.name, variant, file.model.name, file.model.serve?.training])).toEqual([
      ['nightly-full', 'full', 'student-full', 'study/full'],
      ['nightly-python-only', 'python-only', 'student-python-only', 'study/python-only'],
      ['teacher', null, 'teacher', undefined],
    ]);
  });

  it('evaluates chosen students only, and keeps the release that a training names itself', async () => {
    const start = await read(whole.replace('{ file: student.yaml }', '{ file: student.yaml, variants: [full] }'), {
      'training.yaml': `${files['training.yaml']}release: /elsewhere\n`,
    });
    expect(start.evaluations.map(({ file }) => file.name)).toEqual(['nightly-full', 'teacher']);
    expect(start.training?.release).toBe('/elsewhere');
  });

  it('runs evaluations alone', async () => {
    const start = await read('name: p\nevaluations: [{ file: teacher.yaml }]\n');
    expect(start).toMatchObject({ campaign: null, training: null, evaluations: [{ variant: null }] });
  });

  it.each<[string, string, string, Record<string, string>?, Parameters<typeof readPipelineFile>[2]?]>([
    ['no step', 'name: p\n', 'pipeline.yaml:1:1: the file: it has no step'],
    ['an unknown field', `${whole}training_: x\n`, 'training_'],
    [
      'an unknown variant',
      whole.replace('student.yaml }', 'student.yaml, variants: [rust] }'),
      'evaluations.0.variants: the training has no variant rust (it has full, python-only)',
    ],
    ['a student without a training', 'name: p\nevaluations: [{ file: student.yaml }]\n', 'student.yaml'],
    ['an evaluation twice', `${whole}  - { file: teacher.yaml }\n`, 'another evaluation of the pipeline is called teacher too'],
    ['a mistake in a step', whole, 'campaign.yaml:3:', { 'campaign.yaml': files['campaign.yaml'].replace('openhands', 'openhand') }],
    [
      'a campaign without a release',
      whole,
      'builds no release',
      { 'campaign.yaml': files['campaign.yaml'].replace('version: v7', 'build: false') },
    ],
    ['a training without a release', 'name: p\ntraining: training.yaml\n', 'release'],
    ['a stage that it has not', 'name: p\nevaluations: [{ file: teacher.yaml }]\n', 'no training to begin with', {}, 'training'],
  ])('names %s with its place', async (_what, pipeline, expected, changed, from) => {
    expect(await complaint(pipeline, changed, from)).toContain(expected);
  });
});
