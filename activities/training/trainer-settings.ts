import { z } from 'zod';
import { JobNeeds } from '../../schemas/job.ts';
import type { FailureSign } from '../jobs/failure-signs.ts';
import type { SettingIssue, StudentToTrain } from './trainer.ts';

/** What every trainer can be told. */
export const sharedSettings = {
  learning_rate: z.number().positive(),
  lr_schedule: z.enum(['cosine', 'linear', 'constant']),
  /** Of all steps. */
  warmup_ratio: z.number().min(0).lt(1),
  weight_decay: z.number().min(0),
  betas: z.tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)]),
  max_grad_norm: z.number().positive(),
  /** Rows of one step, over all GPUs. */
  batch_size: z.int().min(1),
  /** Rows that one GPU, or the processor, holds at once. */
  rows_at_once: z.int().min(1),
  epochs: z.int().min(1),
  /** Ends before the epochs do; null for their end. */
  max_steps: z.int().min(1).nullable(),
  checkpoint_every_steps: z.int().min(1),
  /** Full checkpoints of a large model are hundreds of gigabytes. */
  keep_checkpoints: z.int().min(1),
  seed: z.int().min(0),
  /** `cpu`: for small models, and for proofs on a machine without a GPU. */
  device: z.enum(['gpu', 'cpu']),
  /** Between the request for a checkpoint and the end. */
  checkpoint_seconds: z.number().positive(),
  /** An interpreter that has the trainer's packages, instead of the environment that Tracemill builds. */
  python: z.string().startsWith('/', 'an absolute path').nullable(),
};

type Shared = { [Key in keyof typeof sharedSettings]: z.output<(typeof sharedSettings)[Key]> };

/** The recipe of Open-SWE-Traces, as far as it is published; betas, clipping and what concerns checkpoints are ours. */
export const openSweTraces: Shared = {
  learning_rate: 1e-5,
  lr_schedule: 'cosine',
  warmup_ratio: 0.1,
  weight_decay: 0.01,
  betas: [0.9, 0.95],
  max_grad_norm: 1,
  batch_size: 32,
  rows_at_once: 1,
  epochs: 3,
  max_steps: null,
  checkpoint_every_steps: 100,
  keep_checkpoints: 3,
  seed: 42,
  device: 'gpu',
  checkpoint_seconds: 900,
  python: null,
};

/** For a model of a million parameters on a processor: it must learn something in minutes. */
export const cpuProof: Shared = {
  ...openSweTraces,
  learning_rate: 5e-3,
  batch_size: 2,
  rows_at_once: 2,
  epochs: 1,
  checkpoint_every_steps: 10,
  keep_checkpoints: 2,
  device: 'cpu',
  checkpoint_seconds: 60,
};

/** Needs of a job on this machine's processor. */
const processor = JobNeeds.parse({ cpus_per_node: 2, memory_mb_per_node: 6144 });

/**
 * GPUs for a full fine-tuning of the 30B bases, by the length of rows. Published runs: 16 H100 up to 32,768 tokens. Longer
 * rows were never published for this model; four nodes are a plan, to be tried with one step.
 */
export function neededMachines({ max_tokens }: StudentToTrain, device: 'gpu' | 'cpu'): JobNeeds {
  if (device === 'cpu') return processor;
  return JobNeeds.parse({
    nodes: max_tokens <= 32_768 ? 2 : 4,
    gpus_per_node: 8,
    gpu_memory_gb: 80,
    cpus_per_node: 64,
    memory_mb_per_node: 512 * 1024,
  });
}

/** How many processes train: one a GPU, or one. */
export function processesOf({ nodes, gpus_per_node }: JobNeeds, device: 'gpu' | 'cpu'): number {
  return device === 'cpu' ? 1 : nodes * Math.max(1, gpus_per_node);
}

/** How often a process runs rows through the model before a step; `replicas`: processes that hold different rows. */
export function passesOfStep(settings: Pick<Shared, 'batch_size' | 'rows_at_once'>, replicas: number): number | SettingIssue {
  const passes = settings.batch_size / (settings.rows_at_once * replicas);
  if (Number.isInteger(passes)) return passes;
  return {
    path: ['batch_size'],
    message: `${settings.batch_size} rows cannot be shared evenly by ${replicas} × ${settings.rows_at_once} (replicas × rows_at_once)`,
  };
}

/** What programs of Tracemill's own say before they end for good. */
export const ownErrors: readonly FailureSign[] = [
  {
    pattern: /tracemill-error: the loss .* not a number/,
    cause: 'not_a_number',
    retryable: false,
    detail: 'the loss is no number any more: lower the learning rate, and look at the rows of that step',
  },
  {
    pattern: /tracemill-error: /,
    cause: 'unknown',
    retryable: false,
    detail: 'the trainer found something wrong with what it was given',
  },
];
