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
      throw new Problem('bad_commits', `git ${args[0] ?? ''} in ${repository}: ${saidBy(error)}`, {
        cause: error,
        hint: 'name a folder of a git repository, and commits that it has',
      });
    }
  };
}

/** What git itself said; without it, what kept git from running. */
function saidBy(error: unknown): string {
  const said = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).trim() : '';
  return said === '' ? messageOf(error).trim() : said;
}

/** The full name of a commit. Throws `Problem` bad_commits where the repository has none of this name. */
export async function commitOf(git: Git, revision: string): Promise<string> {
  try {
    return CommitHash.parse((await git('rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`)).trim());
  } catch (error) {
    if (!messageOf(error).includes('Needed a single revision')) throw error;
    throw new Problem('bad_commits', `the repository has no commit ${revision}`, {
      cause: error,
      hint: 'git log --oneline --all shows the commits that it has',
    });
  }
}
