import type { TrainingFilesResult, TrainingPlan, TrainingStart } from '../../schemas/training-run.ts';
import { totalsOf } from './files/tally.ts';
import { measureRetention, type RowsProgress } from './files/write-training-files.ts';

/** Rows and tokens that the training files of a plan would hold. Nothing is written. */
export async function countTrainingRows(
  { file, variant }: TrainingStart,
  plan: TrainingPlan,
  tools: { signal: AbortSignal; onProgress: (progress: RowsProgress) => void },
): Promise<Omit<TrainingFilesResult, 'sha256'>> {
  const cells = await measureRetention({
    release: plan.release.folder,
    base: plan.base,
    rows: file.variants[variant]?.rows ?? {},
    max_tokens: file.max_tokens,
    ...tools,
  });
  const { rows, tokens, trained_tokens, dropped } = totalsOf(cells);
  return { rows, tokens, trained_tokens, dropped };
}
