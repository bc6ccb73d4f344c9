import { execFile } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, Problem } from '../../../schemas/problem.ts';

const run = promisify(execFile);

/**
 * Puts a commit with its history, and nothing that came later, into an empty folder as a repository of its own with its
 * work tree. Throws `Problem` bad_commits with what git said.
 */
export async function checkOut({ repository, commit }: { repository: string; commit: string }, folder: string): Promise<void> {
  const git = async (place: string, ...args: string[]) =>
    (await run('git', ['-C', place, '-c', 'safe.directory=*', ...args], { maxBuffer: 16 * 1024 * 1024 })).stdout.trim();
  try {
    const format = await git(repository, 'rev-parse', '--show-object-format');
    await git(folder, '-c', 'init.defaultBranch=main', 'init', '--quiet', `--object-format=${format}`, '--template=');
    // A commit that no reference names is not to be fetched, but it can be packed.
    await run('sh', ['-c', pack, 'sh', repository, folder, commit], { maxBuffer: 16 * 1024 * 1024 });
    const shallow = resolve(repository, await git(repository, 'rev-parse', '--git-path', 'shallow'));
    await copyFile(shallow, join(folder, '.git', 'shallow')).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await git(folder, 'update-ref', 'refs/heads/main', commit);
    await git(folder, 'symbolic-ref', 'HEAD', 'refs/heads/main');
    // As they were committed, whatever this machine's own settings make of line ends.
    await git(folder, '-c', 'core.autocrlf=false', '-c', 'core.hooksPath=/dev/null', 'reset', '--quiet', '--hard', commit);
  } catch (error) {
    throw new Problem('bad_commits', `${commit} of ${repository} cannot be checked out: ${messageOf(error).trim()}`, {
      hint: 'the commit and its files have to be there: fetch what a partial clone lacks',
      cause: error,
    });
  }
}

const pack =
  'printf "%s\\n" "$3" | git -C "$1" -c "safe.directory=*" pack-objects --revs --stdout -q | git -C "$2" index-pack --stdin --fix-thin >/dev/null';
