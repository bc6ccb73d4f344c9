import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readTrainingFile } from '../../activities/training/training-file.ts';
import type { Trainer } from '../../activities/training/trainer.ts';
import { scratchFolder } from '../scratch-folder.ts';

let scratch: string;
beforeEach(() => {
  scratch = scratchFolder('training-file');
});

/** Knows one setting, and of it only whole numbers. */
const counting: Pick<Trainer, 'name' | 'presets' | 'settings'> = {
  name: 'counting',
  presets: ['open-swe-traces'],
  settings: (_preset, replaced) => {
    const issues = Object.entries(replaced).flatMap(([key, value]) =>
      key === 'epochs' && Number.isInteger(value) ? [] : [{ path: [key], message: 'bad' }],
    );
    return issues.length > 0 ? { issues } : { settings: replaced };
  },
};

const good = `name: study
release: ../releases/demo/v1
variants:
  full:
    base: coder
  short:
    base: thinking
    model: ./tiny
    settings: { epochs: 1 }
trainer:
  name: counting
`;

function read(text: string) {
  const path = join(scratch, 'training.yaml');
  writeFileSync(path, text);
  return readTrainingFile(path, [counting]);
}

describe('a training file', () => {
  it('is read with defaults, its paths taken from its folder, names on a hub left alone', async () => {
    const file = await read(good.replace('base: coder', 'base: coder\n    model: acme/model'));
    expect(file).toMatchObject({
      max_tokens: 131_072,
      backend: { type: 'local' },
      resubmissions: 20,
      trainer: { preset: 'open-swe-traces' },
    });
    expect(file.release).toBe(join(scratch, '../releases/demo/v1'));
    expect([file.variants['short']?.model, file.variants['full']?.model]).toEqual([join(scratch, 'tiny'), 'acme/model']);
  });

  it.each([
    ['an unknown base', good.replace('coder', 'codder'), /training\.yaml:5:11: variants\.full\.base: .*did you mean coder/],
    [
      'a field that there is not',
      good.replace('release:', 'relase:'),
      /training\.yaml:2:\d+: relase: no such field; did you mean release\?/,
    ],
    [
      'a field of a variant',
      good.replace('settings:', 'setings:'),
      /:9:\d+: variants\.short\.setings: no such field; did you mean settings\?/,
    ],
    [
      'a trainer that there is not',
      good.replace('name: counting', 'name: countin'),
      /trainer\.name: no trainer is called "countin"; did you mean counting\?/,
    ],
    ['a preset that there is not', `${good}  preset: mine\n`, /:12:\d+: trainer\.preset: counting has no preset "mine"/],
    ['a setting of all variants', `${good}  settings: { epoch: 3 }\n`, /:12:\d+: trainer\.settings\.epoch: bad/],
    ['a setting of one variant', good.replace('epochs: 1', 'epochs: 1.5'), /:9:\d+: variants\.short\.settings\.epochs: bad/],
    ['no variants', 'name: study\nrelease: r\nvariants: {}\ntrainer: { name: counting }\n', /variants: no variant/],
    ['no YAML', 'name: [', /training\.yaml:1:\d+/],
  ])('with %s is refused, with line, column and field', async (_what, text, message) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'bad_training', message: expect.stringMatching(message) });
  });

  it('that is not there is named', async () => {
    await expect(readTrainingFile('/none/training.yaml', [counting])).rejects.toMatchObject({
      message: expect.stringContaining('/none/training.yaml'),
    });
  });
});
