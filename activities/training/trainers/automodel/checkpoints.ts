import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listed } from '../../listed.ts';
import type { TrainerCheckpoint } from '../../trainer.ts';

/**
 * Complete checkpoints of NeMo AutoModel, the newest last: `epoch_E_step_S`, without the mark that stands in one while it is
 * written. Its steps count from 0, ours from 1.
 */
export async function checkpointsIn(folder: string): Promise<TrainerCheckpoint[]> {
  const names = await listed(folder);
  const found = names.flatMap((name) => {
    const step = /^epoch_\d+_step_(\d+)$/.exec(name)?.[1];
    return step === undefined ? [] : [{ step: Number(step) + 1, folder: join(folder, name) }];
  });
  const torn = await Promise.all(found.map((checkpoint) => exists(join(checkpoint.folder, '.incomplete'))));
  return found.filter((_, index) => torn[index] === false).toSorted((a, b) => a.step - b.step);
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
