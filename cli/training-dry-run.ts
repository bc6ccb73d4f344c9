import type { TrainingNeeds } from '../activities/training/index.ts';
import type { TrainingFilesResult, TrainingPlan, TrainingStart } from '../schemas/training-run.ts';
import { needsText } from './training-view.ts';

/** What a variant would be trained on, with what, and what would be written for its trainer. */
export interface DryRun {
  variant: string;
  plan: TrainingPlan;
  files: Omit<TrainingFilesResult, 'sha256'>;
  command: string[];
  /** Text by path within the run folder. */
  configuration: Record<string, string>;
}

/** Reads everything of a variant and counts its tokens; leaves nothing behind. */
export async function dryRunOf(
  start: TrainingStart,
  needs: TrainingNeeds,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (text: string) => void },
): Promise<DryRun> {
  const { countTrainingRows, commandOf, planTraining, resolveTraining } = await import('../activities/training/index.ts');
  const plan = await planTraining(start, needs);
  let told = Date.now();
  const files = await countTrainingRows(start, plan, {
    signal,
    onProgress: ({ rows, of }) => {
      if (Date.now() - told < 2000) return;
      told = Date.now();
      onProgress(`${start.variant}: ${rows} of ${of} rows counted`);
    },
  });
  const { command, files: configuration } = commandOf(resolveTraining(start, needs.trainers), plan, {
    python: 'python',
    files: ['files/…'],
    rows: files.rows,
  });
  return { variant: start.variant, plan, files, command, configuration: { ...configuration } };
}

/** Programs are the same for every training; --json has them, too. */
function configurationText(path: string, text: string): string {
  const lines = text.trimEnd().split('\n');
  return path.endsWith('.py') ? `: ${lines.length} lines of Python` : `:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

export function dryRunText({ variant, plan, files, command, configuration }: DryRun): string {
  const dropped = Object.entries(files.dropped).map(([code, rows]) => `${rows} ${code}`);
  return [
    `${plan.training}/${variant}, a student from ${plan.base}${plan.finished === null ? '' : ' (finished already on the same inputs)'}`,
    `  data     ${plan.release.rows} rows selected of ${plan.release.folder}`,
    `  files    ${files.rows} rows, ${files.tokens} tokens, ${files.trained_tokens} of them trained${dropped.length > 0 ? `; left out: ${dropped.join(', ')}` : ''}`,
    `  needs    ${needsText(plan.needs)}`,
    `  folder   ${plan.folder}`,
    `  command  ${command.join(' ')}`,
    ...Object.entries(configuration).map(([path, text]) => `\n${path}${configurationText(path, text)}`),
  ].join('\n');
}
