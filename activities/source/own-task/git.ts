import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommitHash } from '../../../schemas/names.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';

const run = promisify(execFile);

/** Runs git in one repository; gives its standard output as text. Throws `Problem` bad_commits with what git said. */
export type Git = (...args: string[]) => Promise<string>;

export function gitIn(repository: string, env: Record<string, string> = {}): Git {
  return async (...args) => {
    try {
      const { stdout } = await run('git', ['-C', repository, '-c', 'core.quotePath=true', '-c', 'safe.directory=*', ...args], {
        maxBuffer: 256 * 1024 * 1024,
        env: { ...process.env, ...env },
      });
      return stdout;
    } catch (error) {
      throw new Problem('bad_commits', `git ${args[0] ?? ''} in ${repository}: ${messageOf(error).trim()}`, {
        cause: error,
        hint: 'name a folder of a git repository, and commits that it has',
      });
    }
  };
}

/** The full name of a commit. Throws `Problem` bad_commits where the repository has none of this name. */
export async function commitOf(git: Git, revision: string): Promise<string> {
  return CommitHash.parse((await git('rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`)).trim());
}
