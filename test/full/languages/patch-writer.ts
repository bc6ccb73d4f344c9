import type { HomeEngine } from '../../../activities/sandbox/home-engine.ts';
import { openJobContainer } from '../../../activities/sandbox/job-container.ts';
import type { Task } from '../../../schemas/task.ts';
import { workdirOf } from '../../../schemas/workdir.ts';
import { type Edits, runIn, writePatch } from '../../patches/write-patch.ts';

export interface PatchWriter {
  /** The patch that makes these edits; over the task's own fix with `onGold`. */
  write(edits: Edits, onGold?: boolean): Promise<string>;
  /** All files of the repository at the base commit. */
  files(): Promise<string[]>;
  remove(): Promise<void>;
}

/** Writes patches in a container of the task's image. */
export async function openPatchWriter(engine: HomeEngine, task: Task): Promise<PatchWriter> {
  const workdir = workdirOf(task);
  const labels = { 'tracemill.test': 'languages' };
  const job = await openJobContainer(engine, { image: task.image_name, network: 'none', labels, signal: undefined });
  await job.putFiles([['/gold.patch', task.patch]]);
  return {
    async write(edits, onGold = false) {
      if (onGold) await runIn(job, workdir, 'git apply --whitespace=nowarn /gold.patch');
      return await writePatch(job, workdir, edits);
    },
    files: async () => (await runIn(job, workdir, 'git ls-files')).trim().split('\n'),
    remove: () => job.remove(),
  };
}
