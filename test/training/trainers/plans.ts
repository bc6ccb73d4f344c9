import { JobNeeds } from '../../../schemas/job.ts';
import type { Trainer, TrainerPlan } from '../../../activities/training/trainer.ts';

/** A plan with the settings of a preset, as the training stage makes it. */
export function planOf(
  trainer: Trainer,
  preset: string,
  { replaced = {}, ...changed }: Partial<TrainerPlan> & { replaced?: Record<string, unknown> } = {},
): TrainerPlan {
  const read = trainer.settings(preset, replaced);
  if ('issues' in read) throw new Error(JSON.stringify(read.issues));
  const student = { base: 'coder' as const, max_tokens: 131_072, settings: read.settings };
  return {
    ...student,
    folder: '/runs/student',
    model: 'Qwen/Qwen3-Coder-30B-A3B-Instruct',
    files: ['/runs/student/files/rows-0.jsonl', '/runs/student/files/rows-1.jsonl'],
    rows: 6400,
    chat_template: '/templates/coder.jinja',
    needs: JobNeeds.parse(trainer.needs(student)),
    python: '/env/bin/python',
    ...changed,
  };
}
