import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { FailureSign } from '../../../jobs/failure-signs.ts';
import { defineTrainer, type PlanWith } from '../../define-trainer.ts';
import { readOutputLines } from '../../output-lines.ts';
import { cpuProof, neededMachines, openSweTraces, ownErrors, passesOfStep, processesOf, sharedSettings } from '../../trainer-settings.ts';
import { checkpointsIn } from '../hugging-face/checkpoints.ts';
import { finishedModelIn } from '../hugging-face/finished-model.ts';
import { jobEnvironment, launched } from '../job-environment.ts';

const plugin = join(import.meta.dirname, 'tracemill_axolotl.py');
const watch = join(import.meta.dirname, '..', 'hugging-face', 'tracemill_watch.py');

const Settings = z.strictObject({
  ...sharedSettings,
  /** GPUs that share the tokens of one row. */
  context_parallel: z.int().min(1),
  /** Saves memory for time. */
  gradient_checkpointing: z.boolean(),
});
type AxolotlSettings = z.output<typeof Settings>;

const signs: readonly FailureSign[] = [
  ...ownErrors,
  {
    pattern: /exceeds? .*sequence_len|sequence_len.*(exceed|longer)/i,
    cause: 'unknown',
    retryable: false,
    detail: 'a row is longer than max_tokens: write the training files again with this limit',
  },
];

const checkpointFolder = (folder: string) => join(folder, 'checkpoints');

/** Axolotl: a configuration of ours, and its plugin hook for progress and for checkpoints on request. */
export const axolotl = defineTrainer<AxolotlSettings>({
  name: 'axolotl',
  version: 'axolotl 0.19.0',
  profile: 'openai-object',
  schema: Settings,
  presets: {
    'open-swe-traces': { ...openSweTraces, context_parallel: 8, gradient_checkpointing: true },
    'cpu-proof': { ...cpuProof, context_parallel: 1, gradient_checkpointing: false },
  },
  environment: 'axolotl',
  modules: ({ device, context_parallel }) => [
    'axolotl',
    ...(device === 'cpu' ? [] : ['flash_attn']),
    ...(context_parallel > 1 ? ['ring_flash_attn'] : []),
  ],
  failureSigns: signs,
  needs: (student, { device }) => neededMachines(student, device),
  configure: (plan) => {
    const { settings, needs, folder, model, python } = plan;
    const processes = processesOf(needs, settings.device);
    if (processes % settings.context_parallel !== 0) {
      const message = `${processes} GPUs cannot be shared evenly by ${settings.context_parallel}`;
      return { path: ['context_parallel'], message };
    }
    const passes = passesOfStep(settings, processes / settings.context_parallel);
    if (typeof passes !== 'number') return passes;
    const path = join(folder, 'trainer', 'config.yaml');
    return {
      files: {
        'trainer/config.yaml': stringify(configurationOf(plan, passes, processes)),
        'trainer/tracemill_axolotl.py': readFileSync(plugin, 'utf8'),
        'trainer/tracemill_watch.py': readFileSync(watch, 'utf8'),
      },
      command: launched(python, needs, ['-m', 'axolotl.cli.train', path]),
      environment: {
        ...jobEnvironment(folder, model, needs),
        AXOLOTL_DO_NOT_TRACK: '1',
        // Where it finds the plugin.
        PYTHONPATH: join(folder, 'trainer'),
      },
      grace_seconds: settings.checkpoint_seconds,
    };
  },
  readOutput: readOutputLines,
  checkpoints: async (folder) => await checkpointsIn(checkpointFolder(folder)),
  finalModel: async (folder) => await finishedModelIn(checkpointFolder(folder)),
});

/** Under Axolotl's own names. */
function configurationOf(plan: PlanWith<AxolotlSettings>, passes: number, processes: number): Record<string, unknown> {
  const { settings, folder, model, files, chat_template, max_tokens } = plan;
  const isCpu = settings.device === 'cpu';
  return {
    base_model: model,
    chat_template: 'jinja',
    chat_template_jinja: chat_template,
    datasets: files.map((path) => ({
      path,
      ds_type: 'json',
      type: 'chat_template',
      field_messages: 'messages',
      field_tools: 'tools',
      field_thinking: 'reasoning_content',
      message_property_mappings: { role: 'role', content: 'content' },
      roles_to_train: ['assistant'],
      train_on_eos: 'turn',
    })),
    dataset_prepared_path: join(folder, 'trainer', 'prepared'),
    output_dir: checkpointFolder(folder),
    sequence_len: max_tokens,
    // Rows were measured already: one that is too long says that something is wrong.
    excess_length_strategy: 'raise',
    sample_packing: false,
    pad_to_sequence_len: false,
    train_on_inputs: false,
    num_epochs: settings.epochs,
    ...(settings.max_steps === null ? {} : { max_steps: settings.max_steps }),
    micro_batch_size: settings.rows_at_once,
    gradient_accumulation_steps: passes,
    optimizer: 'adamw_torch',
    learning_rate: settings.learning_rate,
    lr_scheduler: { cosine: 'cosine', linear: 'linear', constant: 'constant_with_warmup' }[settings.lr_schedule],
    warmup_ratio: settings.warmup_ratio,
    weight_decay: settings.weight_decay,
    adam_beta1: settings.betas[0],
    adam_beta2: settings.betas[1],
    max_grad_norm: settings.max_grad_norm,
    save_steps: settings.checkpoint_every_steps,
    save_total_limit: settings.keep_checkpoints,
    auto_resume_from_checkpoints: true,
    logging_steps: 1,
    seed: settings.seed,
    bf16: !isCpu,
    fp16: false,
    tf32: false,
    attn_implementation: isCpu ? 'sdpa' : 'flash_attention_2',
    gradient_checkpointing: settings.gradient_checkpointing,
    ...(processes === 1
      ? {}
      : {
          context_parallel_size: settings.context_parallel,
          dp_shard_size: processes / settings.context_parallel,
          fsdp_version: 2,
          fsdp_config: {
            auto_wrap_policy: 'TRANSFORMER_BASED_WRAP',
            transformer_layer_cls_to_wrap: 'Qwen3MoeDecoderLayer',
            state_dict_type: 'FULL_STATE_DICT',
          },
        }),
    plugins: ['tracemill_axolotl.TracemillPlugin'],
  };
}
