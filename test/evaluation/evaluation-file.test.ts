import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEvaluationFile } from '../../activities/evaluation/evaluation-file.ts';
import { messageOf } from '../../schemas/problem.ts';
import { planningNeeds } from '../../workers/planning-needs.ts';
import { Workplace } from './workplace.ts';

let place: Workplace;

beforeEach(() => {
  place = new Workplace();
});

afterEach(() => place.close());

const good = `name: nightly
benchmark: { name: tasks, data: [tasks.jsonl] }
model:
  name: student
  serve: { checkpoint: model, needs: { gpus_per_node: 1 } }
  base: coder
harnesses:
  openhands: {}
  sweagent: { max_turns: 30 }
modes: { no_think: {} }
max_turns: 100
`;

const read = (text: string) => readEvaluationFile(place.file('evaluation.yaml', text), planningNeeds.harnesses);
const complaint = (text: string) =>
  read(text).then(
    () => 'none',
    (error: unknown) => messageOf(error).replaceAll(join(place.folder, 'evaluation.yaml'), 'FILE'),
  );

describe('an evaluation file', () => {
  it('is read with its defaults, paths taken from its folder, and the limit of turns in each harness that has none', async () => {
    const file = await read(good);
    expect(file).toMatchObject({
      benchmark: { data: [join(place.folder, 'tasks.jsonl')] },
      model: {
        serve: { checkpoint: join(place.folder, 'model'), engine: 'vllm', backend: { type: 'local' }, needs: { gpus_per_node: 1 } },
      },
      harnesses: { openhands: { max_turns: 100 }, sweagent: { max_turns: 30 } },
      runs: 3,
      context_tokens: 262_144,
      grader: { workers: 2 },
      canary: 'strict',
    });
    expect(file.model.serve?.needs).toEqual({ gpus_per_node: 1 });
  });

  it.each([
    ['FILE:1:7: name: ', good.replace('nightly', 'Nightly run')],
    ['FILE:6:9: model.base: ', good.replace('coder', 'codr')],
    ['FILE:8:14: harnesses.openhand: there is no such harness; did you mean openhands?', good.replace('openhands:', 'openhand: ')],
    ['FILE:9:13: harnesses.sweagent: Unrecognized key: "max_turn"', good.replace('max_turns: 30', 'max_turn: 30')],
    ['FILE:4:3: model: either endpoint', good.replace(/ {2}serve.*\n/, '')],
    ['FILE:5:10: model.serve: either checkpoint', good.replace('checkpoint: model,', '')],
    ['FILE:4:3: model: base is missing', good.replace(/ {2}base.*\n/, '')],
    ['FILE:10:36: modes.no_think.model: only an endpoint', good.replace('no_think: {}', 'no_think: {        model: other }')],
    ['FILE:12:9: subset: subset and only', `${good}subset: { size: 2 }\nonly: [o__r-1]\n`],
    ['FILE:12:11: baseline: ', `${good}baseline: nightly\n`],
  ])('names line, column and field: %s', async (start, text) => {
    expect(await complaint(text)).toContain(start);
  });
});
