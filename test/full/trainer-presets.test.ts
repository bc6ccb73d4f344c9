import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureEnvironment } from '../../activities/python/ensure-environment.ts';
import type { EnvironmentName } from '../../activities/python/environments.ts';
import { runTool } from '../../activities/python/run-tool.ts';
import type { Trainer } from '../../activities/training/trainer.ts';
import { automodel } from '../../activities/training/trainers/automodel/automodel.ts';
import { axolotl } from '../../activities/training/trainers/axolotl/axolotl.ts';
import { trl } from '../../activities/training/trainers/trl/trl.ts';
import { planOf } from '../training/trainers/plans.ts';

let work: string;

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'tracemill-presets-'));
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Case {
  trainer: Trainer;
  environment: EnvironmentName;
  configuration: string;
  accepted: object;
}

it.each<Case>([
  { trainer: axolotl, environment: 'axolotl', configuration: 'trainer/config.yaml', accepted: { unknown: [], changed: [] } },
  {
    trainer: automodel,
    environment: 'automodel',
    configuration: 'trainer/config.yaml',
    accepted: { recipe: 'TrainFinetuneRecipeForNextTokenPrediction', refused: [], named: 7 },
  },
  { trainer: trl, environment: 'train', configuration: 'trainer/trainer.json', accepted: { changed: [], version: 2 } },
])('the recipe of the paper, for GPUs, is accepted by $trainer.name itself', async ({ trainer, environment, configuration, accepted }) => {
  const { files } = trainer.configure(planOf(trainer, 'open-swe-traces'));
  const folder = join(work, trainer.name);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { python } = await ensureEnvironment(environment, {
    onProgress: (text) => process.stderr.write(`${text}\n`),
    signal: AbortSignal.timeout(900_000),
  });
  const program = join(import.meta.dirname, '..', 'training', 'trainers', 'accept', `${trainer.name}-preset.py`);
  const said = await runTool(python, [program, join(folder, configuration)], { env: { CUDA_VISIBLE_DEVICES: '' } });
  const last = said.split('\n').findLast((line) => line.startsWith('accepted '));
  expect(JSON.parse(last?.slice('accepted '.length) ?? 'null')).toEqual(accepted);
});
