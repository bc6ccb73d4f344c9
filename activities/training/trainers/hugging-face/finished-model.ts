import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { listed } from '../../listed.ts';
import { checkpointsIn } from './checkpoints.ts';

const State = z.object({ global_step: z.int(), max_steps: z.int() });

/**
 * The model that a trainer leaves beside its checkpoints when it ends, if it ended because all steps were done: asked to stop
 * it leaves one, too. Null while there is none.
 */
export async function finishedModelIn(folder: string): Promise<string | null> {
  const newest = (await checkpointsIn(folder)).at(-1);
  if (newest === undefined) return null;
  const state = State.safeParse(JSON.parse(await readFile(join(newest.folder, 'trainer_state.json'), 'utf8'))).data;
  if (state === undefined || state.global_step < state.max_steps) return null;
  const names = await listed(folder);
  const isWhole = names.includes('config.json') && (names.includes('model.safetensors') || names.includes('model.safetensors.index.json'));
  return isWhole ? folder : null;
}
