import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JobNeeds } from '../../../schemas/job.ts';
import { trl } from '../../../activities/training/trainers/trl/trl.ts';
import { scratchFolder } from '../../scratch-folder.ts';
import { planOf } from './plans.ts';

const output = readFileSync(join(import.meta.dirname, 'fixtures', 'trl-output.txt'), 'utf8');

function configuration(plan = planOf(trl, 'open-swe-traces')) {
  return JSON.parse(trl.configure(plan).files['trainer/trainer.json'] ?? '');
}

describe('TRL', () => {
  it('gets the settings under its own names', () => {
    expect(configuration().arguments).toMatchObject({
      learning_rate: 1e-5,
      lr_scheduler_type: 'cosine',
      warmup_steps: 0.1,
      weight_decay: 0.01,
      num_train_epochs: 3,
      bf16: true,
      use_cpu: false,
      fsdp: true,
    });
    expect(configuration(planOf(trl, 'open-swe-traces', { replaced: { lr_schedule: 'constant', max_steps: 7 } })).arguments).toMatchObject({
      lr_scheduler_type: 'constant_with_warmup',
      max_steps: 7,
    });
  });

  it('makes the batch of 32 from what the GPUs hold at once', () => {
    const passes = (nodes: number, gpus_per_node: number) => {
      const { per_device_train_batch_size, gradient_accumulation_steps } = configuration(
        planOf(trl, 'open-swe-traces', { needs: JobNeeds.parse({ nodes, gpus_per_node }) }),
      ).arguments;
      return [per_device_train_batch_size, gradient_accumulation_steps];
    };
    expect(passes(4, 8)).toEqual([1, 1]);
    expect(passes(1, 8)).toEqual([1, 4]);
    expect(passes(1, 1)).toEqual([1, 32]);
  });

  it('runs once on a processor, and under the launcher on several GPUs', () => {
    expect(trl.configure(planOf(trl, 'cpu-proof')).command).toEqual(['/env/bin/python', '/runs/student/trainer/train.py']);
    expect(trl.configure(planOf(trl, 'open-swe-traces')).command).toEqual([
      '/env/bin/python',
      '-m',
      'torch.distributed.run',
      '--nproc-per-node=8',
      '/runs/student/trainer/train.py',
    ]);
  });

  it('tells steps, losses and counted tokens in what it prints', () => {
    const read = trl.readOutput(output);
    expect(read).toMatchObject({ step: 7, total: 36, counted: { rows: 24, tokens: 19_327, trained_tokens: 4741 } });
    expect(read.losses.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(read.losses[6]?.loss).toBeCloseTo(6.868, 3);
  });

  it('tells the same in parts that end with lines', () => {
    const at = output.indexOf('tracemill {"step": 4');
    const parts = [output.slice(0, at), output.slice(at)].map((part) => trl.readOutput(part));
    expect(parts.flatMap(({ losses }) => losses)).toEqual(trl.readOutput(output).losses);
    expect(parts[1]?.counted).toBeNull();
  });

  it('has a checkpoint when its state is there, and a model when its configuration is', async () => {
    const folder = scratchFolder('trl');
    expect(await trl.checkpoints(folder)).toEqual([]);
    expect(await trl.finalModel(folder)).toBeNull();
    for (const [step, state] of [
      [5, '{"global_step":5}'],
      [20, '{"global_step":20}'],
      [30, '{"global_st'],
    ] as const) {
      mkdirSync(join(folder, 'checkpoints', `checkpoint-${step}`), { recursive: true });
      writeFileSync(join(folder, 'checkpoints', `checkpoint-${step}`, 'trainer_state.json'), state);
    }
    mkdirSync(join(folder, 'checkpoints', 'checkpoint-40'));
    expect((await trl.checkpoints(folder)).map(({ step }) => step)).toEqual([5, 20]);
    mkdirSync(join(folder, 'model.partial'));
    expect(await trl.finalModel(folder)).toBeNull();
    mkdirSync(join(folder, 'model'));
    writeFileSync(join(folder, 'model', 'config.json'), '{}');
    expect(await trl.finalModel(folder)).toBe(join(folder, 'model'));
  });

  it('says why it refused its rows', () => {
    const line = 'tracemill-error: /runs/student/files/rows-0.jsonl:12: the row has 140000 tokens, and max_tokens is 131072';
    expect(trl.failureSigns.find(({ pattern }) => pattern.test(line))).toMatchObject({ retryable: false, cause: 'unknown' });
    const nan = 'FloatingPointError: tracemill-error: the loss of step 12 is not a number: nan';
    expect(trl.failureSigns.find(({ pattern }) => pattern.test(nan))).toMatchObject({ retryable: false, cause: 'not_a_number' });
  });
});
