import { availableParallelism } from 'node:os';
import type { z } from 'zod';
import type { EvaluationFile } from '../schemas/evaluation.ts';
import type { PipelineFile } from '../schemas/pipeline.ts';
import type { TrainingFile } from '../schemas/training.ts';
import { demoEvaluation } from './demo-evaluation.ts';

/** Name of the pipeline, and of its training. */
export const fullDemoName = 'demo';

type Input<T extends z.ZodType> = z.input<T>;

/** The demo's student: a few steps of TRL on this machine's processor. A row of 16,000 tokens takes a core half a minute. */
export function demoTraining(model: string, tokenizer_sha256: string): Omit<Input<typeof TrainingFile>, 'release'> {
  return {
    name: fullDemoName,
    variants: { small: { base: 'instruct', model, tokenizer_sha256 } },
    trainer: { name: 'trl', preset: 'cpu-proof', settings: { max_steps: 5, checkpoint_every_steps: 2 } },
    needs: { cpus_per_node: Math.min(4, availableParallelism()) },
  };
}

/** What the student is measured by, in a few short rollouts: it knows nothing, and solves nothing. */
export function studentEvaluation(tasksFile: string, tasks: number): Input<typeof EvaluationFile> {
  const { model: _teacher, ...like } = demoEvaluation('demo-student', tasksFile, '');
  const sampling = { max_tokens: 400 };
  return {
    ...like,
    subset: { size: Math.min(3, tasks) },
    model: { name: 'student', serve: { engine: 'vllm-cpu' } },
    modes: { think: { sampling }, no_think: { sampling } },
    max_turns: 3,
    context_tokens: 16_384,
    canary: 'lenient',
  };
}

export function demoPipeline(
  files: Required<Pick<Input<typeof PipelineFile>, 'campaign' | 'training'>> & { evaluations: string[] },
): Input<typeof PipelineFile> {
  const { campaign, training, evaluations } = files;
  return { name: fullDemoName, campaign, training, evaluations: evaluations.map((file) => ({ file })) };
}
