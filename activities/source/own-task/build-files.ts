import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, Problem } from '../../../schemas/problem.ts';

const run = promisify(execFile);

/** Build files of a commit that its base has otherwise. Paths are from the top of the repository. */
export interface LaterBuildFiles {
  /** Path → content. */
  written: [string, Buffer][];
  removed: string[];
}

/** Files that say what is to be fetched, of every kind of build that is read; none of them holds source of the package itself. */
const buildFile = new RegExp(
  `(?:^|/)(?:${[
    'pyproject\\.toml|setup\\.cfg|setup\\.py|tox\\.ini|Pipfile(?:\\.lock)?|(?:poetry|uv|pdm)\\.lock',
    '(?:(?:dev|test)[-_])?(?:requirements|constraints)(?:[-_.][\\w.-]+)?\\.txt|requirements/[\\w.-]+\\.txt',
    'package\\.json|package-lock\\.json|npm-shrinkwrap\\.json|yarn\\.lock|pnpm-lock\\.yaml|pnpm-workspace\\.yaml|\\.npmrc|\\.yarnrc(?:\\.yml)?',
    'go\\.(?:mod|sum|work|work\\.sum)',
    'Cargo\\.(?:toml|lock)|rust-toolchain(?:\\.toml)?',
    'pom\\.xml|\\.mvn/.+',
    '[\\w.-]+\\.gradle(?:\\.kts)?|gradle\\.properties|gradle/.+\\.(?:toml|properties|jar|lockfile)|gradle\\.lockfile',
    'composer\\.(?:json|lock)',
  ].join('|')})$`,
);

/**
 * What a change does to the build files: with it, the tests may need what the base does not. Undefined where it leaves them
 * alone. Throws `Problem` bad_commits with what git said.
 */
export async function laterBuildFiles(repository: string, base: string, head: string): Promise<LaterBuildFiles | undefined> {
  const git = async (...args: string[]): Promise<Buffer> => {
    const options = { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 } as const;
    return (await run('git', ['-C', repository, '-c', 'safe.directory=*', ...args], options)).stdout;
  };
  try {
    const listed = await git('diff', '--name-status', '--no-renames', '--no-ext-diff', '--ignore-submodules', '-z', base, head);
    const words = listed.toString('utf8').split('\0');
    const later: LaterBuildFiles = { written: [], removed: [] };
    for (let at = 0; at + 1 < words.length; at += 2) {
      const [status = '', path = ''] = words.slice(at, at + 2);
      if (!buildFile.test(path)) continue;
      if (status === 'D') later.removed.push(path);
      else later.written.push([path, await git('cat-file', 'blob', `${head}:${path}`)]);
    }
    return later.written.length + later.removed.length === 0 ? undefined : later;
  } catch (error) {
    throw new Problem('bad_commits', `the build files of ${head} cannot be read: ${messageOf(error).trim()}`, {
      hint: 'the commit and its files have to be there: fetch what a partial clone lacks',
      cause: error,
    });
  }
}
