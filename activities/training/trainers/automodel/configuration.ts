import type { PlanWith } from '../../define-trainer.ts';
import type { AutoModelSettings } from './settings.ts';

/** The configuration of NeMo AutoModel's fine-tuning recipe, under its own names. */
export function configurationOf(plan: PlanWith<AutoModelSettings>, { checkpoints }: { checkpoints: string }): Record<string, unknown> {
  const { settings, model, files, chat_template, rows, max_tokens } = plan;
  const isCpu = settings.device === 'cpu';
  const allSteps = settings.epochs * Math.ceil(rows / settings.batch_size);
  const steps = Math.min(allSteps, settings.max_steps ?? allSteps);
  return {
    recipe: 'TrainFinetuneRecipeForNextTokenPrediction',
    seed: settings.seed,
    step_scheduler: {
      global_batch_size: settings.batch_size,
      local_batch_size: settings.rows_at_once,
      num_epochs: settings.epochs,
      ...(settings.max_steps === null ? {} : { max_steps: settings.max_steps }),
      ckpt_every_steps: settings.checkpoint_every_steps,
      save_checkpoint_every_epoch: false,
      preemption_signal: 'SIGUSR1',
    },
    // A long row may keep one GPU busy while the others wait.
    dist_env: { backend: isCpu ? 'gloo' : 'nccl', timeout_minutes: 120 },
    model: {
      _target_: 'nemo_automodel.NeMoAutoModelForCausalLM.from_pretrained',
      pretrained_model_name_or_path: model,
      // Weights in full precision; FSDP computes in bf16.
      torch_dtype: 'float32',
      ...(isCpu
        ? { force_hf: true, attn_implementation: 'sdpa' }
        : {
            backend: {
              _target_: 'nemo_automodel.components.models.common.BackendConfig',
              attn: 'te',
              linear: 'te',
              rms_norm: 'te',
              experts: 'torch_mm',
              dispatcher: 'deepep',
              enable_hf_state_dict_adapter: true,
            },
          }),
    },
    distributed: {
      strategy: 'fsdp2',
      tp_size: settings.tensor_parallel,
      cp_size: settings.context_parallel,
      pp_size: settings.pipeline_parallel,
      ep_size: settings.expert_parallel,
      ...(settings.pipeline_parallel > 1 ? { pipeline: { pp_schedule: '1f1b', pp_microbatch_size: 1 } } : {}),
      activation_checkpointing: settings.activation_checkpointing,
    },
    loss_fn: { _target_: 'nemo_automodel.components.loss.masked_ce.MaskedCrossEntropy' },
    dataset: {
      _target_: 'nemo_automodel.components.datasets.llm.chat_dataset.ChatDataset',
      path_or_dataset_id: [...files],
      seq_length: max_tokens,
      // Rows that are too long were left out: one that is cut would teach no end.
      truncation: 'do_not_truncate',
      padding: 'do_not_pad',
      chat_template,
    },
    dataloader: {
      _target_: 'torchdata.stateful_dataloader.StatefulDataLoader',
      // Context parallelism takes rows without padding between them.
      collate_fn:
        settings.context_parallel > 1
          ? 'nemo_automodel.components.datasets.utils.packed_sequence_thd_collater'
          : 'nemo_automodel.components.datasets.utils.default_collater',
      shuffle: true,
    },
    packed_sequence: { packed_sequence_size: 0 },
    optimizer: {
      _target_: 'torch.optim.AdamW',
      lr: settings.learning_rate,
      weight_decay: settings.weight_decay,
      betas: [...settings.betas],
    },
    lr_scheduler: {
      lr_decay_style: settings.lr_schedule,
      lr_warmup_steps: Math.ceil(steps * settings.warmup_ratio),
      init_lr: 0,
      min_lr: settings.lr_schedule === 'constant' ? settings.learning_rate : 0,
    },
    clip_grad_norm: { max_norm: settings.max_grad_norm },
    checkpoint: {
      enabled: true,
      checkpoint_dir: checkpoints,
      model_save_format: 'safetensors',
      save_consolidated: 'final',
      max_recent_checkpoints: settings.keep_checkpoints,
    },
  };
}
