import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { JobNeeds } from '../../../schemas/job.ts';
import { automodel } from '../../../activities/training/trainers/automodel/automodel.ts';
import { scratchFolder } from '../../scratch-folder.ts';
import { planOf } from './plans.ts';

const output = readFileSync(join(import.meta.dirname, 'fixtures', 'automodel-output.txt'), 'utf8');

function configuration(plan = planOf(automodel, 'open-swe-traces')) {
  return parse(automodel.configure(plan).files['trainer/config.yaml'] ?? '');
}

describe('NeMo AutoModel', () => {
  it('gets the recipe of the paper under its own names', () => {
    expect(configuration()).toMatchObject({
      step_scheduler: { global_batch_size: 32, local_batch_size: 1, num_epochs: 3, ckpt_every_steps: 100, preemption_signal: 'SIGUSR1' },
      optimizer: { lr: 1e-5, weight_decay: 0.01 },
      // 3 epochs of 6,400 rows are 600 steps.
      lr_scheduler: { lr_decay_style: 'cosine', lr_warmup_steps: 60 },
      distributed: { cp_size: 8, ep_size: 8, pp_size: 1, tp_size: 1, activation_checkpointing: true },
      dataset: { seq_length: 131_072, truncation: 'do_not_truncate', padding: 'do_not_pad', chat_template: '/templates/coder.jinja' },
      checkpoint: { model_save_format: 'safetensors', save_consolidated: 'final' },
    });
    expect(configuration().checkpoint).not.toHaveProperty('restore_from');
  });

  it('warms up over a share of the steps that are done', () => {
    expect(configuration(planOf(automodel, 'open-swe-traces', { replaced: { max_steps: 50 } })).lr_scheduler.lr_warmup_steps).toBe(5);
  });

  it('runs its command line under the launcher on GPUs, and a program for proofs on a processor', () => {
    expect(automodel.configure(planOf(automodel, 'open-swe-traces')).command.slice(1)).toEqual([
      '-m',
      'torch.distributed.run',
      '--nproc-per-node=8',
      '-m',
      'nemo_automodel.cli.app',
      '/runs/student/trainer/config.yaml',
    ]);
    const proof = automodel.configure(planOf(automodel, 'cpu-proof'));
    expect(proof.command).toEqual(['/env/bin/python', '/runs/student/trainer/cpu_proof.py', '/runs/student/trainer/config.yaml']);
    expect(automodel.configure(planOf(automodel, 'open-swe-traces')).files).not.toHaveProperty('trainer/cpu_proof.py');
  });

  it('refuses GPUs that cannot share rows, experts or a pipeline', () => {
    const refusal = (replaced: Record<string, unknown>, gpus_per_node = 8) => {
      const plan = planOf(automodel, 'open-swe-traces', { replaced, needs: JobNeeds.parse({ nodes: 1, gpus_per_node }) });
      return () => automodel.configure(plan);
    };
    expect(refusal({ context_parallel: 3 })).toThrow(/context_parallel: 8 GPUs cannot be shared/);
    expect(refusal({ context_parallel: 2, expert_parallel: 16 })).toThrow(/expert_parallel/);
    expect(refusal({ context_parallel: 4, pipeline_parallel: 2, expert_parallel: 4 })).toThrow(/rows_at_once/);
    expect(refusal({})).not.toThrow();
  });

  it('tells steps, counted from 1, and losses in its log', () => {
    const read = automodel.readOutput(output);
    expect(read).toMatchObject({ step: 6, total: 12 });
    expect(read.losses).toHaveLength(6);
    expect(read.losses[0]).toEqual({ step: 1, loss: 8.3254 });
    expect(automodel.readOutput('… | step 9 | epoch 0 | loss nan | grad_norm nan')).toMatchObject({ step: 10, losses: [] });
  });

  it('has a checkpoint when the mark of a running save is gone, and a model when the last one was put together', async () => {
    const folder = scratchFolder('automodel');
    expect(await automodel.checkpoints(folder)).toEqual([]);
    for (const name of ['epoch_0_step_9', 'epoch_1_step_19', 'epoch_1_step_24']) {
      mkdirSync(join(folder, 'checkpoints', name, 'model'), { recursive: true });
    }
    writeFileSync(join(folder, 'checkpoints', 'epoch_1_step_24', '.incomplete'), '');
    expect((await automodel.checkpoints(folder)).map(({ step }) => step)).toEqual([10, 20]);
    expect(await automodel.finalModel(folder)).toBeNull();
    const model = join(folder, 'checkpoints', 'epoch_1_step_19', 'model', 'consolidated');
    mkdirSync(model);
    writeFileSync(join(model, 'config.json'), '{}');
    expect(await automodel.finalModel(folder)).toBe(model);
  });

  it('knows the checkpoint that it will not overwrite', () => {
    const line = 'FileExistsError: checkpoint directory /runs/student/checkpoints/epoch_0_step_9 already exists';
    expect(automodel.failureSigns.find(({ pattern }) => pattern.test(line))).toMatchObject({ cause: 'file_exists', retryable: false });
  });
});
