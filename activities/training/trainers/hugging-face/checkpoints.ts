import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { listed } from '../../listed.ts';
import type { TrainerCheckpoint } from '../../trainer.ts';

const State = z.object({ global_step: z.int() });

/**
 * Complete checkpoints of a folder that the Trainer of transformers writes to, the newest last: `checkpoint-N` with its state,
 * which is written when everything else is.
 */
export async function checkpointsIn(folder: string): Promise<TrainerCheckpoint[]> {
  const names = await listed(folder);
  const found = await Promise.all(
    names
      .filter((name) => /^checkpoint-\d+$/.test(name))
      .map(async (name) => ({ step: await stepOf(join(folder, name)), folder: join(folder, name) })),
  );
  return found.flatMap(({ step, folder: path }) => (step === null ? [] : [{ step, folder: path }])).toSorted((a, b) => a.step - b.step);
}

async function stepOf(checkpoint: string): Promise<number | null> {
  try {
    return State.safeParse(JSON.parse(await readFile(join(checkpoint, 'trainer_state.json'), 'utf8'))).data?.global_step ?? null;
  } catch {
    // Not there yet, or torn: no checkpoint to go on from.
    return null;
  }
}
