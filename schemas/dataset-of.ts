import type { TaskFacts } from './task.ts';

/** Name of the dataset that a task comes from; `local` where its row does not say. */
export function datasetOf({ hf_dataset_name }: Pick<TaskFacts, 'hf_dataset_name'>): string {
  return hf_dataset_name ?? 'local';
}
