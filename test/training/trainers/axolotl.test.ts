import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { JobNeeds } from '../../../schemas/job.ts';
import { axolotl } from '../../../activities/training/trainers/axolotl/axolotl.ts';
import { scratchFolder } from '../../scratch-folder.ts';
import { planOf } from './plans.ts';

function configuration(plan = planOf(axolotl, 'open-swe-traces')) {
  return parse(axolotl.configure(plan).files['trainer/config.yaml'] ?? '');
}

describe('Axolotl', () => {
  it('gets the recipe of the paper under its own names', () => {
    expect(configuration()).toMatchObject({
      learning_rate: 1e-5,
      lr_scheduler: 'cosine',
      warmup_ratio: 0.1,
      weight_decay: 0.01,
      num_epochs: 3,
      micro_batch_size: 1,
      // 32 GPUs, 8 of them to a row.
      gradient_accumulation_steps: 8,
      context_parallel_size: 8,
      dp_shard_size: 4,
      sequence_len: 131_072,
      excess_length_strategy: 'raise',
      auto_resume_from_checkpoints: true,
    });
    expect(configuration().datasets).toHaveLength(2);
  });

  it('finds the plugin that reports and listens', () => {
    const { files, environment } = axolotl.configure(planOf(axolotl, 'cpu-proof'));
    expect(environment['PYTHONPATH']).toBe('/runs/student/trainer');
    const [module, name] = configuration(planOf(axolotl, 'cpu-proof')).plugins[0].split('.');
    expect(files[`trainer/${module}.py`]).toContain(`class ${name}(`);
  });

  it('refuses GPUs that cannot share a row', () => {
    const plan = planOf(axolotl, 'open-swe-traces', { needs: JobNeeds.parse({ nodes: 1, gpus_per_node: 4 }) });
    expect(() => axolotl.configure(plan)).toThrow(/context_parallel: 4 GPUs cannot be shared evenly by 8/);
  });

  it('has a final model only when all steps are done', async () => {
    const folder = scratchFolder('axolotl');
    const place = join(folder, 'checkpoints');
    const leave = (step: number) => {
      mkdirSync(join(place, `checkpoint-${step}`), { recursive: true });
      writeFileSync(join(place, `checkpoint-${step}`, 'trainer_state.json'), JSON.stringify({ global_step: step, max_steps: 12 }));
    };
    leave(8);
    for (const name of ['config.json', 'model.safetensors']) writeFileSync(join(place, name), '');
    // Asked to stop, it leaves a model, too.
    expect(await axolotl.finalModel(folder)).toBeNull();
    leave(12);
    expect(await axolotl.finalModel(folder)).toBe(place);
    expect((await axolotl.checkpoints(folder)).map(({ step }) => step)).toEqual([8, 12]);
  });

  it('says that a row is too long', () => {
    const line = 'ValueError: Found row with 9000 tokens, which exceeds configured sequence_len 8192';
    expect(axolotl.failureSigns.find(({ pattern }) => pattern.test(line))).toMatchObject({ retryable: false });
  });
});
