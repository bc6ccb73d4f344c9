import { isAbsolute, join } from 'node:path';
import type { JobNeeds } from '../../../schemas/job.ts';

/** Variables that every trainer's job gets: nothing is fetched behind the user's back, nothing reported to others. */
export function jobEnvironment(folder: string, model: string, { cpus_per_node, gpus_per_node }: JobNeeds): Record<string, string> {
  return {
    PYTHONUNBUFFERED: '1',
    TOKENIZERS_PARALLELISM: 'false',
    OMP_NUM_THREADS: String(Math.max(1, Math.floor(cpus_per_node / Math.max(1, gpus_per_node)))),
    HF_HUB_DISABLE_TELEMETRY: '1',
    DO_NOT_TRACK: '1',
    WANDB_MODE: 'disabled',
    // Caches of the run go with the run.
    HF_DATASETS_CACHE: join(folder, 'trainer', 'cache'),
    ...(isAbsolute(model) ? { HF_HUB_OFFLINE: '1' } : {}),
  };
}

/** A Python program on every GPU of the job, or once where it has one or none. */
export function launched(python: string, needs: JobNeeds, program: readonly string[]): string[] {
  return needs.nodes === 1 && needs.gpus_per_node <= 1 ? [python, ...program] : underTorchrun(python, needs, program);
}

/** A Python program as PyTorch's launcher starts it. How many nodes there are, and which one is the first, the job's own variables say. */
export function underTorchrun(python: string, { gpus_per_node }: JobNeeds, program: readonly string[]): string[] {
  return [python, '-m', 'torch.distributed.run', `--nproc-per-node=${Math.max(1, gpus_per_node)}`, ...program];
}
