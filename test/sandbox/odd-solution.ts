import { prepareImage } from '../../activities/sandbox/prepare-image.ts';
import { parsePatch, patchPaths } from '../../activities/patches/patch.ts';
import type { PreparedImage } from '../../schemas/prepared-image.ts';
import type { Task } from '../../schemas/task.ts';
import { workdirOf } from '../../schemas/workdir.ts';
import { engine, noSignal, withSandbox } from './containers.ts';

/** What an agent that solves the task of an odd repository sees, and what its patch holds. */
export interface OddSolution {
  prepared: PreparedImage;
  patch: string;
  seen: {
    /** Of `git status --short` at the beginning. */
    status: string;
    /** Traces of later history that git still shows. */
    secrets: string;
    files: string[];
    /** The patch has the fix, line for line. */
    fixed: boolean;
  };
}

const search = `git log --all --format=%s | grep SECRET; git tag; git reflog; git stash list
git cat-file --batch-all-objects --batch 2>/dev/null | grep -a SECRET; grep -rl SECRET .git/lfs 2>/dev/null`;

/** Prepares the image, writes the fix and a new file in a sandbox of it, and takes the patch. */
export async function solve(task: Task): Promise<OddSolution> {
  const prepared = await prepareImage({ engine, task, signal: noSignal });
  let solution: OddSolution | undefined;
  await withSandbox(
    async (hands) => {
      const status = await hands.output('git status --short');
      const secrets = await hands.output(search);
      await hands.run(`printf 'fixed\\n' >f.txt; printf 'added\\n' >'ädded.txt'`);
      const patch = await hands.sandbox.patch(task.base_commit, noSignal);
      const seen = { status, secrets, files: patchPaths(parsePatch(patch)).sort(), fixed: patch.includes('\n-broken\n+fixed\n') };
      solution = { prepared, patch, seen };
    },
    { image: prepared.image_id, workdir: workdirOf(task) },
  );
  if (solution === undefined) throw new Error('nothing was solved');
  return solution;
}
