import type Docker from 'dockerode';
import { openJobContainer } from '../../../activities/sandbox/job-container.ts';
import { quote } from '../../../activities/sandbox/quote.ts';
import { workdirOf } from '../../../activities/verification/attempt.ts';
import type { Task } from '../../../schemas/task.ts';

/** Path → new content, null to delete the file, or a function of its content (empty where there is none). */
export type Edits = Record<string, string | null | ((content: string) => string)>;

export interface PatchWriter {
  /** The patch, as an agent would hand it in, that makes these edits; over the task's own fix with `onGold`. */
  write(edits: Edits, onGold?: boolean): Promise<string>;
  /** All files of the repository at the base commit. */
  files(): Promise<string[]>;
  remove(): Promise<void>;
}

/** Writes patches with git itself, in a container of the task's image. */
export async function openPatchWriter(docker: Docker, task: Task): Promise<PatchWriter> {
  const workdir = workdirOf(task);
  const labels = { 'tracemill.test': 'languages' };
  const job = await openJobContainer(docker, { image: task.image_name, network: 'none', labels, signal: undefined });
  const run = async (script: string) => {
    const { exitCode, stdout, stderr } = await job.exec(`cd ${workdir} && ${script}`, { timeoutMs: 60_000 });
    if (exitCode !== 0) throw new Error(`${task.instance_id}: ${script}: ${stderr}`);
    return stdout;
  };
  await job.putFiles([['/gold.patch', task.patch]]);
  return {
    async write(edits, onGold = false) {
      if (onGold) await run('git apply --whitespace=nowarn /gold.patch');
      for (const [path, edit] of Object.entries(edits)) {
        const before = typeof edit === 'function' ? await run(`cat ${quote(path)} 2>/dev/null || :`) : '';
        const content = typeof edit === 'function' ? edit(before) : edit;
        if (typeof edit === 'function' && content === before) throw new Error(`${task.instance_id}: the edit of ${path} changes nothing`);
        if (content === null) await run(`rm ${quote(path)}`);
        else await job.putFiles([[`${workdir}/${path}`, content]]);
      }
      const patch = await run('git add --all && git diff --cached --binary --no-renames --no-color HEAD');
      await run('git reset --quiet --hard HEAD && git clean -fdq');
      return patch;
    },
    files: async () => (await run('git ls-files')).trim().split('\n'),
    remove: () => job.remove(),
  };
}
