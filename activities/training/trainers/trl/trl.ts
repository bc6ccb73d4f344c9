import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { defineTrainer } from '../../define-trainer.ts';
import { readOutputLines } from '../../output-lines.ts';
import { cpuProof, neededMachines, openSweTraces, ownErrors, passesOfStep, processesOf, sharedSettings } from '../../trainer-settings.ts';
import { checkpointsIn } from '../hugging-face/checkpoints.ts';
import { jobEnvironment, launched } from '../job-environment.ts';

const program = join(import.meta.dirname, 'train.py');
const watch = join(import.meta.dirname, '..', 'hugging-face', 'tracemill_watch.py');

const Settings = z.strictObject({
  ...sharedSettings,
  /** Weight of the loss that spreads tokens over experts; 0 for none. */
  router_aux_loss: z.number().min(0),
  /** Saves memory for time. */
  gradient_checkpointing: z.boolean(),
});

const folders = (folder: string) => ({ checkpoints: join(folder, 'checkpoints'), model: join(folder, 'model') });

/** TRL's SFTTrainer, by a program of our own: for small models. Several GPUs share the model by FSDP. */
export const trl = defineTrainer<z.output<typeof Settings>>({
  name: 'trl',
  version: 'trl 1.16.0',
  profile: 'openai-object',
  schema: Settings,
  presets: {
    'open-swe-traces': { ...openSweTraces, router_aux_loss: 0.001, gradient_checkpointing: true },
    'cpu-proof': { ...cpuProof, router_aux_loss: 0.001, gradient_checkpointing: false },
  },
  environment: 'train',
  modules: () => ['trl'],
  failureSigns: ownErrors,
  needs: (student, { device }) => neededMachines(student, device),
  configure: ({ settings, needs, folder, model, files, chat_template, max_tokens, python }) => {
    const { device } = settings;
    const processes = processesOf(needs, device);
    const passes = passesOfStep(settings, processes);
    if (typeof passes !== 'number') return passes;
    const isCpu = device === 'cpu';
    const { checkpoints, model: finalModel } = folders(folder);
    const configuration = {
      files,
      model,
      chat_template,
      max_tokens,
      checkpoints,
      final_model: finalModel,
      // Weights in full precision: steps of this size vanish in bf16, which the computation may use all the same.
      dtype: 'float32',
      router_aux_loss: settings.router_aux_loss,
      // Under their names in TRL's SFTConfig.
      arguments: {
        use_cpu: isCpu,
        bf16: !isCpu,
        per_device_train_batch_size: settings.rows_at_once,
        gradient_accumulation_steps: passes,
        num_train_epochs: settings.epochs,
        max_steps: settings.max_steps ?? -1,
        learning_rate: settings.learning_rate,
        lr_scheduler_type: { cosine: 'cosine', linear: 'linear', constant: 'constant_with_warmup' }[settings.lr_schedule],
        // Below 1 it is a share of all steps.
        warmup_steps: settings.warmup_ratio,
        weight_decay: settings.weight_decay,
        adam_beta1: settings.betas[0],
        adam_beta2: settings.betas[1],
        max_grad_norm: settings.max_grad_norm,
        save_steps: settings.checkpoint_every_steps,
        save_total_limit: settings.keep_checkpoints,
        seed: settings.seed,
        gradient_checkpointing: settings.gradient_checkpointing && processes === 1,
        ...(processes === 1
          ? {}
          : {
              fsdp: true,
              fsdp_config: {
                version: 2,
                transformer_layer_cls_to_wrap: ['Qwen3MoeDecoderLayer'],
                activation_checkpointing: settings.gradient_checkpointing,
                state_dict_type: 'FULL_STATE_DICT',
              },
            }),
      },
    };
    return {
      files: {
        'trainer/train.py': readFileSync(program, 'utf8'),
        'trainer/tracemill_watch.py': readFileSync(watch, 'utf8'),
        'trainer/trainer.json': `${JSON.stringify(configuration, null, 2)}\n`,
      },
      command: launched(python, needs, [join(folder, 'trainer', 'train.py')]),
      environment: jobEnvironment(folder, model, needs),
      grace_seconds: settings.checkpoint_seconds,
    };
  },
  readOutput: readOutputLines,
  checkpoints: async (folder) => await checkpointsIn(folders(folder).checkpoints),
  finalModel: async (folder) => {
    const { model } = folders(folder);
    const found = await stat(join(model, 'config.json')).catch(() => undefined);
    return found === undefined ? null : model;
  },
});
